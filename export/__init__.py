"""The data out: responses → a workbook and a CSV, in a process of its own, never in the bot."""
