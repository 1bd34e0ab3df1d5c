-- The shape that adapters of a base were checked against last; null until one was.
ALTER TABLE bases ADD COLUMN layers INTEGER;
ALTER TABLE bases ADD COLUMN hidden_size INTEGER;
ALTER TABLE bases ADD COLUMN intermediate_size INTEGER;
