-- Return for each session of KEYS how many kernels its person has at any host.
local counts = {}
for _, key in ipairs(KEYS) do table.insert(counts, count_held(user_of(key))) end
return counts
