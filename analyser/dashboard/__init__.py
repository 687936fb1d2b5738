"""The same Result on a terminal: drawn by pure functions (`drawing/`), shown by screens that page the database."""
