-- The modules that adapters of a base may change, by their names in LinearModule; null if all may be changed.
ALTER TABLE bases ADD COLUMN modules VARCHAR(256);
