"""The secret that keeps people apart from their answers, in a file outside the database."""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import KeyUnreadable

NONCE = 12
MASTER = 32


class Keys:
    """One master secret, and a key derived from it for each purpose."""

    def __init__(self, master: bytes) -> None:
        self._master = master
        self._vault = AESGCM(self._derive("vault"))
        self._media = AESGCM(self._derive("media"))
        self._ballot = AESGCM(self._derive("ballot"))
        self._button = self._derive("button")
        self._pseudonym = self._derive("pseudonym")
        self._export = self._derive("export")
        self._person = self._derive("person")
        self._audit = self._derive("audit")
        self._pin = self._derive("pin")

    def __repr__(self) -> str:
        return "Keys([redacted])"

    def _derive(self, purpose: str) -> bytes:
        return hmac.digest(self._master, b"samleng:" + purpose.encode(), hashlib.sha256)

    def canary(self) -> str:
        """Return a value that tells whether a database was made with this key."""
        return self._derive("canary").hex()

    def pseudonym(self, bot_id: int, telegram_id: int) -> bytes:
        """Return the keyed hash by which a person is found again: 16 bytes."""
        text = f"bot|{bot_id}|{telegram_id}".encode()
        return hmac.digest(self._pseudonym, text, hashlib.sha256)[:16]

    def seal(self, plain: bytes, context: str) -> bytes:
        """Encrypt for the vault, bound to the row it stands in."""
        nonce = os.urandom(NONCE)
        return nonce + self._vault.encrypt(nonce, plain, context.encode())

    def unseal(self, sealed: bytes, context: str) -> bytes:
        """Decrypt what seal wrote for the same context."""
        return self._vault.decrypt(sealed[:NONCE], sealed[NONCE:], context.encode())

    def seal_media(self, plain: bytes, media_id: str) -> bytes:
        """Encrypt a file that a person sent."""
        nonce = os.urandom(NONCE)
        return nonce + self._media.encrypt(nonce, plain, media_id.encode())

    def unseal_media(self, sealed: bytes, media_id: str) -> bytes:
        """Decrypt a file that a person sent."""
        return self._media.decrypt(sealed[:NONCE], sealed[NONCE:], media_id.encode())

    def seal_ballot(self, plain: bytes, context: str) -> bytes:
        """Encrypt what somebody says for a ballot box, bound to the row it stands in."""
        nonce = os.urandom(NONCE)
        return nonce + self._ballot.encrypt(nonce, plain, context.encode())

    def unseal_ballot(self, sealed: bytes, context: str) -> bytes:
        """Decrypt what seal_ballot wrote for the same context."""
        return self._ballot.decrypt(sealed[:NONCE], sealed[NONCE:], context.encode())

    def mac(self, text: str) -> str:
        """Return a short proof that a button is ours: 8 URL-safe characters."""
        digest = hmac.digest(self._button, text.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:6]).decode()

    def audit_hash(self, before: bytes, row: bytes) -> bytes:
        """Return what binds a row of the audit log to the one before it: 32 bytes."""
        return hmac.digest(self._audit, before + row, hashlib.sha256)

    def pin_hash(self, respondent_id: str, pin: str) -> bytes:
        """Return the keyed hash of a member's PIN: 32 bytes; without the key nobody can try out."""
        return hmac.digest(self._pin, f"{respondent_id}|{pin}".encode(), hashlib.sha256)

    def webhook_secret(self) -> str:
        """Return the secret by which Telegram's posts are known: 64 characters."""
        return self._derive("webhook").hex()

    def export_id(self, form_id: str, interview_id: str) -> str:
        """Return a response's id in exports: 16 base32 characters that join nothing else."""
        digest = hmac.digest(self._export, f"{form_id}|{interview_id}".encode(), hashlib.sha256)
        return base64.b32encode(digest[:10]).decode()

    def person_id(self, respondent_id: str) -> str:
        """Return the id by which exports join what one person said at several times."""
        digest = hmac.digest(self._person, respondent_id.encode(), hashlib.sha256)
        return base64.b32encode(digest[:10]).decode()


def load_or_create(path: Path) -> Keys:
    """Read the key file; make one, readable by its owner only, where there is none."""
    if not path.exists():
        part = path.with_name(path.name + ".part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(MASTER))
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    return load(path)


def load(path: Path) -> Keys:
    """Read a key file; refuse one that is empty or cut, with which nothing would be secret."""
    try:
        master = bytes.fromhex(path.read_text().strip())
    except ValueError:
        master = b""
    if len(master) != MASTER:
        raise KeyUnreadable(str(KeyUnreadable.__doc__))
    return Keys(master)


def random_id() -> str:
    """Return a new random id of 128 bits."""
    return secrets.token_hex(16)
