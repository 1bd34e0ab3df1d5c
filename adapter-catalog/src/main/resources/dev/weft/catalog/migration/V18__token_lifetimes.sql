-- When a token ends by itself (null: it does not), and when it was last used, to the minute.
ALTER TABLE tokens ADD COLUMN expires_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE tokens ADD COLUMN last_used_at TIMESTAMP WITH TIME ZONE;
