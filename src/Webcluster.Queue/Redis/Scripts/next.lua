#!lua flags=allow-oom
-- uses: keys records rules labels lanes ruling
-- Purpose:   names lanes that a claim can succeed for.
-- Arguments: most lanes; the time from which on to look, 0: all; pools as netstrings, whose lanes are not to be named.
-- Result:    {microseconds until it is worth asking again where there are not so many now, -1: only a wake-up can tell; the time from which
--            on to look then, as no lane due before it can be named; then L and when it became due, earliest first}.
-- Cost:      O(lanes named + log n); ends pauses and rules on the way, and passes over lanes that a rule stops, at most STEP a call, and
--            over lanes of those pools: as soon as they are PASSED, the next call goes on behind the last.
local PAGE, PASSED = 1000, 5000
local most, from = tonumber(ARGV[3]), ARGV[4]
catch_up()
ask_providers()
end_overdue()

local without = {}
for i = 5, #ARGV do without[ARGV[i]] = true end
local function is_left_out(L) return without[string.sub(L, #site_of(L) + 1)] end

-- Lanes with when they became due, and those among them that a rule stops; where that was not all, from when on there may be more.
local function look()
  local named, stopped, met = {}, {}, 0
  while true do
    local page = call('ZRANGEBYSCORE', LANES, from, now, 'WITHSCORES', 'LIMIT', met, PAGE)
    for i = 1, #page, 2 do
      local L, due = page[i], page[i + 1]
      if not is_left_out(L) then
        if stopper(L) then
          stopped[#stopped + 1] = L
        else
          named[#named + 1] = L
          named[#named + 1] = due
        end
      end
      if #named == 2 * most or #stopped == STEP then return named, stopped, due end
    end
    if #page < 2 * PAGE then return named, stopped end
    met = met + PAGE
    local last = page[#page]
    if met >= PASSED and last ~= from then return named, stopped, last end
  end
end

local named, stopped, on
if #ARGV > 4 or ruled().s then
  named, stopped, on = look()
  -- A rule that stops lanes names none: they leave the others when they are met.
  for _, L in ipairs(stopped) do refresh(L) end
else
  named = call('ZRANGEBYSCORE', LANES, from, now, 'WITHSCORES', 'LIMIT', 0, most)
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
if on and #named == 0 then soonest = now end
return { soonest and math.max(soonest - now, 0) or -1, named[2] or on or string.format('%.0f', now), unpack(named) }
