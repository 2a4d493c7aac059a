-- Return the keys of the sessions that wait in the queues KEYS, in the order of their turns.
local keys = {}
for _, session in ipairs(in_turn(KEYS)) do table.insert(keys, session.key) end
return keys
