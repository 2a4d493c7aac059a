-- Write fields of a session's record. Returns 0 where the session is no longer this host's, or has ended.
local id, host, now, life = unpack(ARGV, 1, 4)
local record = redis.call('HMGET', KEYS[1], 'id', 'host', 'state')
if record[1] ~= id or record[2] ~= host or record[3] == 'ended' then return 0 end
redis.call('HSET', KEYS[1], 'since', now, unpack(ARGV, 5))
redis.call('EXPIRE', KEYS[1], life)
return 1
