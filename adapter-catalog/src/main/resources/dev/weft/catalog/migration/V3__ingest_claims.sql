-- One text for H2 2.4 and PostgreSQL 14 and later, like the others.

-- The catalog that takes a version in, and until when that is so unless it says so again; by the database's clock.
ALTER TABLE versions ADD COLUMN claimed_by VARCHAR(64);
ALTER TABLE versions ADD COLUMN claimed_until TIMESTAMP WITH TIME ZONE;
