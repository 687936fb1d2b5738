-- Rows of the county's lists that could not be read, of whatever period.
SELECT count(*) FROM register_error
