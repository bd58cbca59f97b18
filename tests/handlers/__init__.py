"""The conversation, piece by piece."""
