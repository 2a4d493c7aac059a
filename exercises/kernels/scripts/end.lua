-- End a session. Returns {runtime, user, command…} with the commands that nobody took; nothing where it had ended.
local id, final, reason, message, only_if, now = unpack(ARGV)
local record = redis.call('HMGET', KEYS[1], 'id', 'state', 'runtime', 'user')
if record[1] ~= id or record[2] == 'ended' or record[2] == 'none' then return false end
if only_if ~= '' and record[2] ~= only_if then return false end
redis.call('HSET', KEYS[1], 'state', final, 'reason', reason, 'message', message, 'cells', '{}', 'host', '', 'since', now)
local left = {record[3], record[4]}
local inbox = KEYS[1] .. ':inbox:' .. id
for _, command in ipairs(redis.call('LRANGE', inbox, 0, -1)) do table.insert(left, command) end
redis.call('DEL', inbox)
return left
