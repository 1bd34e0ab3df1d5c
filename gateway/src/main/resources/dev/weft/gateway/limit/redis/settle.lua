-- Gives back what a request held.
-- KEYS: requests, tokens, streams. ARGV: requests a minute (0: none is given back), tokens a minute (0: not limited), tokens given
-- back (negative: taken), the stream's lease ('': none).
local ms = now()
local requests, tokens, back = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
-- The bucket keeps its size: it may have changed since the claim, and an amount is no share.
local function give(key, limit, amount)
  local size = tonumber(redis.call('HGET', key, 'size') or limit)
  keep(key, size, level(key, size, ms) + amount * SCALE, ms)
end
if requests > 0 then
  give(KEYS[1], requests, 1)
end
if tokens > 0 and back ~= 0 then
  give(KEYS[2], tokens, back)
end
if ARGV[4] ~= '' then
  redis.call('ZREM', KEYS[3], ARGV[4])
end
return 0
