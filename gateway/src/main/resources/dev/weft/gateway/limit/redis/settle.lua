-- Gives back what a request held.
-- KEYS: requests, tokens, streams. ARGV: requests a minute (0: none is given back), tokens a minute (0: not limited), tokens given
-- back (negative: taken), the stream's lease ('': none).
local ms = now()
local requests, tokens, back = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if requests > 0 then
  keep(KEYS[1], requests, level(KEYS[1], requests, ms) + SCALE, ms)
end
if tokens > 0 and back ~= 0 then
  keep(KEYS[2], tokens, level(KEYS[2], tokens, ms) + back * SCALE, ms)
end
if ARGV[4] ~= '' then
  redis.call('ZREM', KEYS[3], ARGV[4])
end
return 0
