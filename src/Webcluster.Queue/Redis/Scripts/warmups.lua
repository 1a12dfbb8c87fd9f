#!lua flags=allow-oom
-- uses: keys traffic
-- Purpose:   shows the sources that are being warmed up, a part of the list at a time.
-- Arguments: how many of the list to pass over; how many to look at.
-- Result:    how many were looked at; then for each that is being warmed up: p and its name in one, plan, step, UTC day since 1970, used
--            of it, refused in it.
-- Cost:      O(looked at)
local seen = call('ZRANGE', WARMING, tonumber(ARGV[3]), tonumber(ARGV[3]) + tonumber(ARGV[4]) - 1)
local reply = { #seen }
for _, pe in ipairs(seen) do
  -- As source_key has it.
  local plan, step, day, used, refused = unpack(call('HMGET', source_key(pe, ''), 'hp', 'hs', 'hd', 'hu', 'hr'))
  if plan and step ~= '0' then
    for _, value in ipairs({ pe, plan, step, day, used, refused }) do reply[#reply + 1] = value end
  end
end
return reply
