-- Contents are numbered among all adapters that have, or had, a name.
CREATE INDEX adapters_name ON adapters (tenant, name);
