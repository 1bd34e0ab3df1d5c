-- One text for H2 2.4 and PostgreSQL 14 and later, like the others.

-- What each name leads to, as the JSON that the newest event of it says; written with the event, under the
-- lock of feed_position. A catalog that starts reads these instead of all versions.
CREATE TABLE feed_entries (
    tenant VARCHAR(128) NOT NULL,
    name VARCHAR(128) NOT NULL,
    entry VARCHAR NOT NULL,
    PRIMARY KEY (tenant, name)
);

-- The position that feed_entries is true for. Behind the sequence where a catalog that knows nothing of the
-- table has written events, and here, where it is empty still: then it is written anew from the versions.
-- A change of the JSON sets it to 0 again.
ALTER TABLE feed_position ADD COLUMN entries_at BIGINT DEFAULT 0 NOT NULL;
