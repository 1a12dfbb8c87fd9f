#!lua flags=allow-oom
-- uses: keys traffic events
-- Purpose:   takes in what a provider's reply asks of one source.
-- Arguments: p; source; "slow", "fewer", "carries", "suspend" or "complaint"; its number (factor, -, messages, microseconds, what it
--            weighs); the reply; the event as JSON.
-- Result:    1 it changed something; 0 it did not: the same came a moment ago, or is known.
-- Cost:      O(1)
local p, e, kind, value, reply = ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6]), ARGV[7]
local key = source_key(p, e)
local state = traffic.fields_of(key)
-- What is on its way when a rate falls, and a provider that counts by the minute, are refused for the same cause still.
local MOMENT, MOMENT_OF_RATE = 5000000, 20000000

local function is_fresh(since, moment) return since and now - tonumber(since) < moment end

-- Minutes until one more connection is tried: twice as many as the last time, where that was tried and failed.
local function wait_after()
  local _, present = traffic.adapted(state)
  if not present then return 1 end
  local wait = tonumber(state.qw or 1)
  return present == tonumber(state.q) and wait or math.min(64, 2 * wait)
end

local adjust = {
  slow = function()
    if is_fresh(state.ra, MOMENT_OF_RATE) then return nil end
    local before = traffic.adapted(state) or traffic.measured(state)
    return { 'r', traffic.exact(math.max(traffic.LEAST_RATE, value * before)), 'rb', traffic.exact(before), 'ra', traffic.whole(now) }
  end,
  fewer = function()
    if is_fresh(state.qa, MOMENT) then return nil end
    local before = math.max(2, tonumber(state.c or 0))
    return { 'q', before - 1, 'qb', before, 'qa', traffic.whole(now), 'qw', wait_after() }
  end,
  carries = function()
    if tonumber(state.g or 0) == value and now - tonumber(state.ga) < traffic.DAY then return nil end
    return { 'g', value, 'ga', traffic.whole(now) }
  end,
  suspend = function()
    local ends = now + math.min(value, traffic.KEPT_LEARNED * 1000)
    if tonumber(state.x or 0) >= ends then return nil end
    return { 'x', traffic.whole(ends) }
  end,
  complaint = function() return nil end,
}

-- Warm-up counts each refusal, whether it changes anything or not.
if state.hp and state.hs ~= '0' and kind ~= 'carries' then call('HINCRBY', key, 'hr', kind == 'complaint' and value or 1) end
local changes = adjust[kind]()
if not changes then return 0 end
call('HSET', key, 'y', reply, 'z', traffic.whole(now), unpack(changes))
call('SADD', sources_key(p), e)
events.add('', 'e', ARGV[8])
if tonumber(state.c or 0) == 0 then
  call('PEXPIRE', key, traffic.KEPT_LEARNED)
  call('PEXPIRE', sources_key(p), traffic.KEPT_LEARNED)
end
return 1
