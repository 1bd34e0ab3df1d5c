-- Token buckets in Redis' own time: gateways' clocks don't count. A bucket is a hash: its level in 60000ths of a unit, so that
-- a millisecond brings `size` of them, below 0 in debt; its size, which is a minute's limit; and the time in milliseconds. One
-- that is full is not kept. All numbers are whole and below 2^53.
local SCALE = 60000
-- A debt that would last longer is forgotten.
local LONGEST = 86400000
local LOWEST = -8000000000000000

local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- The level now. A changed limit keeps the share that is left.
local function level(key, limit, ms)
  local full = limit * SCALE
  local kept = redis.call('HMGET', key, 'level', 'size', 'at')
  if not kept[1] then return full end
  local size = tonumber(kept[2])
  local grown = tonumber(kept[1]) + math.max(0, ms - tonumber(kept[3])) * size
  if size ~= limit then grown = math.floor(grown * limit / size) end
  return math.min(full, grown)
end

-- Milliseconds until an amount has grown.
local function time_for(amount, limit)
  return math.max(0, math.ceil(amount / limit))
end

local function keep(key, limit, value, ms)
  local full = limit * SCALE
  if value >= full then
    redis.call('DEL', key)
    return
  end
  local kept = math.max(LOWEST, value)
  redis.call('HSET', key, 'level', string.format('%.0f', kept), 'size', string.format('%.0f', limit),
    'at', string.format('%.0f', ms))
  redis.call('PEXPIRE', key, string.format('%.0f', math.min(LONGEST, time_for(full - kept, limit) + 1000)))
end
