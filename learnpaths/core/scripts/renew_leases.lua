-- Renew leases for ARGV[1] milliseconds: at KEYS[n] the lease ARGV[n + 1].
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
for number, key in ipairs(KEYS) do
  redis.call('ZADD', key, now + ARGV[1], ARGV[number + 1])
  redis.call('PEXPIRE', key, ARGV[1])
end
