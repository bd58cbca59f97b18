"""The simulated Telegram: its rules, its webhook, its doors, and the page to try the bot on."""
