"""The memory: tables, transactions and history. Frozen dataclasses come out, never ORM objects."""
