-- Open a session and put its first command into its inbox; one that lives is only sent the command.
-- Returns {'sent'}, {'opened'}, or {'full', key…}: the person's other sessions, as many as there may be.
local key, queue, of_person, journal, arrivals = unpack(KEYS)
local command, now, id, most, life, version, runtime, seed = unpack(ARGV)
local live = {waiting = true, starting = true, idle = true, busy = true}
if live[redis.call('HGET', key, 'state') or ''] then
  local inbox = key .. ':inbox:' .. redis.call('HGET', key, 'id')
  redis.call('RPUSH', inbox, command)
  redis.call('EXPIRE', inbox, life)
  return {'sent'}
end
local others = {'full'}
for _, other in ipairs(redis.call('SMEMBERS', of_person)) do
  if live[redis.call('HGET', other, 'state') or ''] then table.insert(others, other) else redis.call('SREM', of_person, other) end
end
if #others - 1 >= tonumber(most) then return others end
redis.call('HSETNX', key, 'seed', seed)  -- stays: a later kernel draws the same numbers
redis.call('HSET', key, 'id', id, 'state', 'waiting', 'reason', '', 'message', '', 'cells', '{}', 'since', now, 'host', '',
           'runtime', runtime, 'version', version, 'user', string.match(key, '^kernel:(%d+):'))
redis.call('EXPIRE', key, life)
redis.call('RPUSH', key .. ':inbox:' .. id, command)
redis.call('EXPIRE', key .. ':inbox:' .. id, life)
redis.call('XTRIM', journal, 'MAXLEN', 0)
redis.call('ZADD', queue, now, key)
redis.call('EXPIRE', queue, life)
redis.call('RPUSH', arrivals, 1)
redis.call('LTRIM', arrivals, -16, -1)
redis.call('EXPIRE', arrivals, life)
redis.call('SADD', of_person, key)
redis.call('EXPIRE', of_person, life)
return {'opened'}
