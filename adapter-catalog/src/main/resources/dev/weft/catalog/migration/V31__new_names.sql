-- One row, whose lock a transaction holds that takes a new name. Adapters, aliases and bases must not have the
-- same name and are in different tables, so no constraint says so.
CREATE TABLE new_names (
    id INTEGER PRIMARY KEY
);

INSERT INTO new_names (id) VALUES (1);
