-- Carrying rules out. One rule of the shard is at work at a time, the first in WORK; what it still has to go through is in TODO and PART,
-- so that every step can be another node's.
--
-- "walk": phase 1 goes through the lanes, in the order of SITES, and their flows; those that act once go on with 2, what is set aside, and
-- 3, what sessions hold. So what is set aside meanwhile is met, and what is let go meanwhile does not exist: that waits its turn. What
-- comes back from a session meanwhile, and what was met and still waits, is in SEEN. "free": what an ended rule held goes on.
local TODO = P .. ':todo' -- sorted set: rules or nodes that are left of the phase
local PART = P .. ':part' -- sorted set: flows of the lane, or sessions of the node, that are left

local RULE_STEP = 256
local MOST_DONE = 100
local SUSPEND, HOLD, BOUNCE, DROP, EXPEDITE, MOVE = '1', '2', '3', '4', '5', '6'
local BOUNCES = lane_of('', '', 'bounce')

local touched = {} -- lanes to be refreshed at the end

local function refresh_touched()
  for L in pairs(touched) do refresh(L) end
  touched = {}
end

local function rule_of(R)
  local rule, fields = { R = R }, call('HGETALL', rule_key(R))
  for i = 1, #fields, 2 do rule[fields[i]] = fields[i + 1] end
  if not rule.rec then return nil end
  rule.stands = rule.a == SUSPEND or rule.a == HOLD
  rule.stops = rule.a == SUSPEND and (rule.c == OF_LANE or rule.c == OF_SITE or rule.c == OF_PROVIDER)
  rule.latest = tonumber(rule.t)
  return rule
end

local function behind_last(key)
  return tonumber(call('ZREVRANGE', key, 0, 0, 'WITHSCORES')[2] or 0) + 1
end

local function begin_work(rule, kind)
  call('HSET', rule_key(rule.R), 'w', kind)
  call('ZADD', WORK, 'NX', behind_last(WORK), rule.R)
  call('PUBLISH', BELL, '')
end

-- Forgets how far the rule came where it is the one at work.
local function stop_work(rule)
  if first(WORK) ~= rule.R then return end
  call('DEL', TODO, PART)
  call('HDEL', rule_key(rule.R), 'phase', 'lane', 'part', 'at', 'score')
  if ruled().o == rule.R then
    call('HDEL', RULES, 'o', 't')
    call('UNLINK', SEEN)
    in_force = nil
  end
end

local function end_work(rule)
  stop_work(rule)
  call('ZREM', WORK, rule.R)
  call('HDEL', rule_key(rule.R), 'w')
end

local function enforce(rule)
  local kind = rule.stops and 's' or 'h'
  local field = kind .. rule.c .. rule.v
  call('HSET', IN_FORCE, field, (call('HGET', IN_FORCE, field) or '') .. rule.R)
  tally(rule.stops and 's' or 'h' .. rule.c, 1)
end

local function unforce(rule)
  local field = (rule.stops and 's' or 'h') .. rule.c .. rule.v
  local rules, left = call('HGET', IN_FORCE, field) or '', {}
  for at = 1, #rules, R_OCTETS do
    local R = string.sub(rules, at, at + R_OCTETS - 1)
    if R ~= rule.R then left[#left + 1] = R end
  end
  if #left > 0 then call('HSET', IN_FORCE, field, table.concat(left)) else call('HDEL', IN_FORCE, field) end
  tally(rule.stops and 's' or 'h' .. rule.c, -1)
end

-- Lets some of what an ended rule held go on, unless another holds it. Returns whether that was all.
local function free(rule)
  local aside = aside_key(rule.R)
  for _, at in ipairs(call('ZRANGE', aside, 0, RULE_STEP - 1)) do
    local d = read(string.sub(at, 7))
    if d and is_aside(d) and d.holder == rule.R then
      withdraw(d)
      wait(d)
      touched[d.lane] = true
    else
      call('ZREM', aside, at)
    end
  end
  return call('EXISTS', aside) == 0
end

-- Lets lanes move again that an ended rule stopped.
local function unblock(rule, lanes)
  for _, L in ipairs(lanes) do
    if is_of_lane(L, rule.c, rule.v) then touched[L] = true end
  end
end

-- Takes a rule out of force and off the list. A part of what it held goes on at once, the rest by steps.
local function end_rule(rule, by_itself)
  call('ZREM', LISTED, rule.R)
  call('ZREM', DONE, rule.R)
  call('ZREM', ENDS, rule.R)
  if not rule.stands then
    end_work(rule)
    call('DEL', rule_key(rule.R))
    return
  end
  unforce(rule)
  if rule.w == 'walk' then
    stop_work(rule)
    tally('k', -1)
  end
  local all
  if rule.stops then
    unblock(rule, call('ZRANGE', BLOCKED, 0, RULE_STEP - 1))
    all = call('ZCARD', BLOCKED) <= RULE_STEP
  else
    -- What goes on now would not be met by the rule that is being carried out.
    all = not ruled().o and free(rule)
  end
  refresh_touched()
  if all and not by_itself then
    call('ZREM', WORK, rule.R)
    call('DEL', rule_key(rule.R))
    return
  end
  if by_itself then call('HSET', rule_key(rule.R), 'x', 1) end
  begin_work(rule, 'free')
end

-- Ends the rules whose time has come.
local function end_overdue()
  if not next(ruled()) then return end
  for _, R in ipairs(call('ZRANGEBYSCORE', ENDS, '-inf', now, 'LIMIT', 0, STEP)) do
    local rule = rule_of(R)
    if rule then end_rule(rule, true) else call('ZREM', ENDS, R) end
  end
end
