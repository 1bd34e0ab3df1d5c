-- One text for H2 2.4 and PostgreSQL 14 and later, like the others.

-- The first of the tokens that took each other's place: accounts are kept for it. Null for a token that took
-- nobody's.
ALTER TABLE tokens ADD COLUMN key_id BIGINT;

-- What was used on a day (UTC), by whom and of what. Counts only grow.
CREATE TABLE usage_days (
    used_on DATE NOT NULL,
    -- of tokens; 0 for requests without a key of the catalog
    key_id BIGINT NOT NULL,
    key_name VARCHAR(256) NOT NULL,
    tenant VARCHAR(128) ${nameOrder} NOT NULL,
    -- empty where what was used is not told apart
    base VARCHAR(256) NOT NULL,
    -- empty for the base alone, as are the others of an adapter; number is 0 then
    adapter_tenant VARCHAR(128) NOT NULL,
    adapter VARCHAR(128) ${nameOrder} NOT NULL,
    number INTEGER NOT NULL,
    digest VARCHAR(71) NOT NULL,
    requests BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    prompt_tokens BIGINT NOT NULL,
    cached_tokens BIGINT NOT NULL,
    completion_tokens BIGINT NOT NULL,
    -- in billionths of the unit that prices are in
    cost_nanos BIGINT NOT NULL,
    PRIMARY KEY (used_on, key_id, key_name, tenant, base, adapter_tenant, adapter, number, digest)
);

CREATE INDEX usage_days_key ON usage_days (key_id, used_on);

-- The last batch that was taken of each run of a gateway, so that none counts twice.
CREATE TABLE usage_instances (
    instance VARCHAR(64) PRIMARY KEY,
    last_number BIGINT NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL
);
