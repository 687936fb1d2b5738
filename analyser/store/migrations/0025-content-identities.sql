-- A henkilötunnus that the content gives a client in place of the header's. The header's says whose the document is; an identities
-- row that joins the two settles that they differ.
CREATE TABLE IF NOT EXISTS content_identity (document_key VARCHAR, identity_key VARCHAR, pointer VARCHAR);
