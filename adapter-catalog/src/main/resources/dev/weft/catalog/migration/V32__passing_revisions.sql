-- A step of a rollout, which roll backs pass over.
ALTER TABLE alias_revisions ADD COLUMN passing BOOLEAN DEFAULT FALSE NOT NULL;
