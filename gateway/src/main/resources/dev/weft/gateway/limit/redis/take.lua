-- Takes all that a request claims, or nothing.
-- KEYS: requests, tokens, streams. ARGV: requests a minute, tokens a minute, tokens claimed, most streams (0: not limited), the
-- stream's lease and its time in milliseconds.
-- Answers: 0, or which limit refuses (1 requests, 2 tokens, 3 streams); milliseconds to wait; requests that are left, and
-- milliseconds until all are; the same for tokens.
local ms = now()
local requests, tokens, claimed, streams = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local r = requests > 0 and level(KEYS[1], requests, ms) or 0
local t = tokens > 0 and level(KEYS[2], tokens, ms) or 0
local refused, wait = 0, 0
if requests > 0 and r < SCALE then
  refused, wait = 1, time_for(SCALE - r, requests)
elseif tokens > 0 and t < claimed * SCALE then
  refused, wait = 2, time_for(claimed * SCALE - t, tokens)
elseif streams > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('%.0f', ms))
  if redis.call('ZCARD', KEYS[3]) >= streams then
    refused, wait = 3, 1000
  end
end
if refused == 0 then
  if requests > 0 then
    r = r - SCALE
    keep(KEYS[1], requests, r, ms)
  end
  if tokens > 0 then
    t = t - claimed * SCALE
    keep(KEYS[2], tokens, t, ms)
  end
  if streams > 0 then
    redis.call('ZADD', KEYS[3], string.format('%.0f', ms + tonumber(ARGV[6])), ARGV[5])
    redis.call('PEXPIRE', KEYS[3], ARGV[6])
  end
end
local function left(value) return math.max(0, math.floor(value / SCALE)) end
local function reset(value, limit) return limit > 0 and time_for(limit * SCALE - value, limit) or 0 end
return {refused, wait, left(r), reset(r, requests), left(t), reset(t, tokens)}
