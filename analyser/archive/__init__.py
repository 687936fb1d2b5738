"""From bytes to typed records: XML, CDA, JSON, containers and limits. Knows no database and no SQL."""
