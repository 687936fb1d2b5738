-- The ID asked for: a document OID, set OID, register source_id or person_key.
CREATE OR REPLACE TEMP TABLE traced AS SELECT $id::VARCHAR AS id;
