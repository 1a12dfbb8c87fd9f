#!lua flags=allow-oom
-- uses: keys records rules labels lanes ruling
-- Purpose:   names lanes that a claim can succeed for.
-- Arguments: most lanes; pools as netstrings, whose lanes are not to be named.
-- Result:    {microseconds until it is worth asking again where there are not so many now; -1: only a wake-up can tell; then L and when it
--            became due, earliest first}.
-- Cost:      O(lanes named + log n); ends pauses and rules on the way, and passes over
--            lanes that a rule stops, at most STEP a call, and over lanes of those pools, at most PASSED each time.
local PASSED = 5000
local most = tonumber(ARGV[3])
catch_up()
ask_providers()
end_overdue()
local function pool_of(L)
  return string.sub(L, #site_of(L) + 1)
end

local without = {}
for i = 4, #ARGV do without[ARGV[i]] = true end
local function take()
  if #ARGV < 4 then return call('ZRANGEBYSCORE', LANES, '-inf', now, 'WITHSCORES', 'LIMIT', 0, most) end
  local named, seen = {}, 0
  while #named < 2 * most and seen < PASSED do
    local page = call('ZRANGEBYSCORE', LANES, '-inf', now, 'WITHSCORES', 'LIMIT', seen, most)
    if #page == 0 then break end
    for i = 1, #page, 2 do
      if #named < 2 * most and not without[pool_of(page[i])] then
        named[#named + 1] = page[i]
        named[#named + 1] = page[i + 1]
      end
    end
    seen = seen + #page / 2
  end
  return named
end
local named, passed = take(), 0
if ruled().s then
  -- A rule that stops lanes names none: they leave the others when they are met.
  local i = 1
  while i <= #named and passed < STEP do
    if stopper(named[i]) then
      refresh(named[i])
      passed = passed + 1
      named, i = take(), 1
    else
      i = i + 2
    end
  end
end
local after = '(' .. string.format('%.0f', now)
local soonest = tonumber(call('ZRANGEBYSCORE', LANES, after, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2])
local _, ends = first(PAUSED)
if ends and (not soonest or ends < soonest) then soonest = ends end
local _, gives = first(GIVES)
if gives and (not soonest or gives < soonest) then soonest = gives end
if next(ruled()) then
  local _, over = first(ENDS)
  if over and (not soonest or over < soonest) then soonest = over end
end
if passed == STEP then named, soonest = {}, now end
table.insert(named, 1, soonest and math.max(soonest - now, 0) or -1)
return named
