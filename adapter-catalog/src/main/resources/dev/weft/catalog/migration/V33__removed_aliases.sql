-- The last revisions of aliases that were removed. One that takes the name again goes on behind them:
-- a revision of a name means one alias.
CREATE TABLE removed_aliases (
    tenant VARCHAR(128) NOT NULL,
    name VARCHAR(128) ${nameOrder} NOT NULL,
    revision BIGINT NOT NULL,
    CONSTRAINT removed_aliases_name PRIMARY KEY (tenant, name)
);
