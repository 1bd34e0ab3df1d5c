-- What an adapter was trained for, by PEFT's names.
ALTER TABLE versions ADD COLUMN task VARCHAR(32) NOT NULL DEFAULT 'CAUSAL_LM';
