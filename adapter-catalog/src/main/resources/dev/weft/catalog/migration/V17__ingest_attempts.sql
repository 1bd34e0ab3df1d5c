-- Catalogs that began to check the version and have not said what came of it: ended, or at it now.
ALTER TABLE versions ADD COLUMN attempts INTEGER DEFAULT 0 NOT NULL;
