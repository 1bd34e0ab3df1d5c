-- Gives back what requests of a key held.
-- KEYS: requests, tokens, streams. ARGV: requests a minute (0: not limited), requests given back, tokens a minute (0: not limited),
-- tokens given back (negative: taken), the streams' leases.
local ms = now()
local requests, again, tokens, back = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
-- The bucket keeps its size: it may have changed since the claim, and an amount is no share.
local function give(key, limit, amount)
  local size = tonumber(redis.call('HGET', key, 'size') or limit)
  keep(key, size, level(key, size, ms) + amount * SCALE, ms)
end
if requests > 0 and again > 0 then
  give(KEYS[1], requests, again)
end
if tokens > 0 and back ~= 0 then
  give(KEYS[2], tokens, back)
end
for at = 5, #ARGV do
  redis.call('ZREM', KEYS[3], ARGV[at])
end
return 0
