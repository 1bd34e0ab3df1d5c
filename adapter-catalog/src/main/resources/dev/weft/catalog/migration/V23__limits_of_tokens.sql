-- How much a token may use (JSON); null where nothing is limited.
ALTER TABLE tokens ADD COLUMN limits VARCHAR;
