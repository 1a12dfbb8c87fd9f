#!lua flags=allow-oom
-- uses: keys traffic
-- Purpose:   shows the sources that a provider is sent to from, or that it taught us something about.
-- Arguments: p; most sources.
-- Result:    for each, by name: name, connections, messages a second (or ""), connections allowed (or ""), messages on a connection (or
--            ""), suspended until (or ""), reply (or ""), when it changed something (or ""), warm-up plan (or ""), its step, used of the
--            day.
-- Cost:      O(sources); forgets those that are gone.
local p = ARGV[3]
local names = call('SMEMBERS', sources_key(p))
table.sort(names)
local reply = {}
local function say(value) reply[#reply + 1] = value and tostring(value) or '' end
for i = 1, math.min(#names, tonumber(ARGV[4])) do
  local state = traffic.fields_of(source_key(p, names[i]))
  if not next(state) then call('SREM', sources_key(p), names[i]) end
  local rate, connections, carries = traffic.adapted(state)
  local warming = state.hp and state.hs ~= '0'
  if tonumber(state.c or 0) > 0 or rate or connections or carries or traffic.is_suspended(state) or warming then
    reply[#reply + 1] = names[i]
    reply[#reply + 1] = state.c or '0'
    say(rate and traffic.exact(rate))
    say(connections)
    say(carries)
    say(traffic.is_suspended(state) and state.x)
    say(state.y)
    say(state.z)
    say(warming and state.hp)
    say(state.hs or 0)
    say(state.hu or 0)
  end
end
return reply
