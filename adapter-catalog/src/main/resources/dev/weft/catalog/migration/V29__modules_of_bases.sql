-- The modules that adapters of a base may change, as in table versions; empty if all may be changed.
ALTER TABLE bases ADD COLUMN modules VARCHAR(256) DEFAULT '' NOT NULL;
