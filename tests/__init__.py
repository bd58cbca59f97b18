"""The specification: what people see, what is stored, and what survives."""
