"""The survey engine: forms, expressions, interviews. Pure: no Telegram, database, clock or log."""
