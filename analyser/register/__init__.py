"""The county's own files to typed rows. Knows columns and dates, and no database."""
