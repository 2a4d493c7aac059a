-- Put a command into the inbox of a session that a host holds. Returns 0 where none does.
local record = redis.call('HMGET', KEYS[1], 'state', 'id')
if record[1] == 'starting' or record[1] == 'idle' or record[1] == 'busy' then
  return redis.call('RPUSH', KEYS[1] .. ':inbox:' .. record[2], ARGV[1])
end
return 0
