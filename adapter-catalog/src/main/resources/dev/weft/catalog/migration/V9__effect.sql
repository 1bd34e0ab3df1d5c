-- How much an adapter changes: JSON, the Frobenius norm of scale * B A for each kind of module. Null until known.
ALTER TABLE versions ADD COLUMN effect VARCHAR;
