-- Keeps leases of streams that run.
-- KEYS: streams. ARGV: the leases' time in milliseconds, 1 to keep only those that are known, the leases.
local time = redis.call('TIME')
local ends = string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(ARGV[1]))
for at = 3, #ARGV do
  if ARGV[2] == '1' then
    redis.call('ZADD', KEYS[1], 'XX', ends, ARGV[at])
  else
    redis.call('ZADD', KEYS[1], ends, ARGV[at])
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 0
