-- How long a token was meant to last, which a rotation hands on: 0 if it does not end by itself; null in rows of
-- before, whose times are all that is known.
ALTER TABLE tokens ADD COLUMN lifetime_millis BIGINT;

-- Batches of scores that rollouts have taken, so that none counts twice. They go when their rollout ends.
CREATE TABLE rollout_batches (
    rollout_id BIGINT NOT NULL REFERENCES rollouts (id),
    batch VARCHAR(128) NOT NULL,
    PRIMARY KEY (rollout_id, batch)
);
