-- What client-relationship documents call their service units: used where the county's own list gives no name.
CREATE TABLE IF NOT EXISTS unit_name (document_key VARCHAR, oid VARCHAR, name VARCHAR);
