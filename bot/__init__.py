"""The process: Telegram at one end, the database at the other. Only here is anything awaited."""
