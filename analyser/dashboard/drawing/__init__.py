"""Pure functions from results to lines of text. They know no terminal, no database and no clock."""
