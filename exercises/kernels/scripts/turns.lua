-- Shared by the scripts of the waiting queue: how many kernels a person has, and who waits in the order of their turns.
local held = {starting = true, idle = true, busy = true}

local function count_held(user)
  local count = 0
  for _, key in ipairs(redis.call('SMEMBERS', 'kernels:of:' .. user)) do
    if held[redis.call('HGET', key, 'state') or ''] then count = count + 1 end
  end
  return count
end

local function user_of(key) return string.match(key, '^kernel:(%d+):') or '' end

local function in_turn(queues)
  local waiting, before = {}, {}
  for _, queue in ipairs(queues) do
    local entries = redis.call('ZRANGE', queue, 0, -1, 'WITHSCORES')
    for at = 1, #entries, 2 do
      table.insert(waiting, {key = entries[at], since = tonumber(entries[at + 1]), round = 0, queue = queue})
    end
  end
  local function earlier(one, other)
    if one.round ~= other.round then return one.round < other.round end
    if one.since ~= other.since then return one.since < other.since end
    return one.key < other.key
  end
  table.sort(waiting, earlier)
  for _, one in ipairs(waiting) do
    local user = user_of(one.key)
    one.round = before[user] or count_held(user)
    before[user] = one.round + 1
  end
  table.sort(waiting, earlier)
  return waiting
end
