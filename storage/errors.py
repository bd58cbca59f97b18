"""What the memory can't do, said to whoever runs the bot.

StorageError
  DatabaseNewer      the file was written by a newer Samleng
  KeyMismatch        the key isn't the one the database was made with
  KeyUnreadable      the key file doesn't hold a key
  AlreadyRunning     another process holds the folder
  StoreClosed        work came after the store was closed
  StoreAway          the database can't be written for now: a full disk, another process
  CannotMove         the rows of a file can't be carried to a server's database
"""


class StorageError(Exception):
    """The database can't be used as it is."""


class DatabaseNewer(StorageError):
    """The database was written by a newer version of Samleng. Please upgrade the program."""


class KeyMismatch(StorageError):
    """The key file doesn't belong to this database. Please put the right one back."""


class KeyUnreadable(StorageError):
    """The key file doesn't hold a key. Please put the right one back."""


class StoreClosed(StorageError):
    """The store is closed; nothing can be written any more."""


class StoreAway(StorageError):
    """The database can't be written for now. Nothing of the work was kept; it can be done again."""


class AlreadyRunning(StorageError):
    """Another samleng process is using this folder. Please stop it first."""


class CannotMove(StorageError):
    """The project can't be moved to the server's database."""
