-- Tells an event from one of the same number in another life of the database: a backup is restored, and its
-- log grows on. Given here, also to events that a catalog of an earlier version writes.
ALTER TABLE change_events
    ADD COLUMN mark BIGINT DEFAULT 1 + CAST(FLOOR(RANDOM() * 1000000000000000) AS BIGINT) NOT NULL;
