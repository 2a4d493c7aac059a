-- Give the session whose turn it is to the host ARGV[1] at the time ARGV[2]. Returns {key, id}; nothing where none waits.
for _, session in ipairs(in_turn(KEYS)) do
  redis.call('ZREM', session.queue, session.key)
  if redis.call('HGET', session.key, 'state') == 'waiting' then
    redis.call('HSET', session.key, 'state', 'starting', 'host', ARGV[1], 'since', ARGV[2])
    return {session.key, redis.call('HGET', session.key, 'id')}
  end
end
return false
