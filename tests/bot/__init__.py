"""The process: what comes in, what goes out, what survives."""
