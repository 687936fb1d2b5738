-- Nothing in the tables changes but what is kept of names and texts: identifiers in spellings that redaction did not know
-- before (a birth date written as a date, a sign as XML writes it, other signs between the groups) are taken out of it.
UPDATE meta SET value = value WHERE false;
