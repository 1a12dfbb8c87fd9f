#!lua flags=allow-oom
-- uses: keys records rules labels lanes ruling events
-- Purpose:   one step of carrying rules out on this shard. One node at a time does it; where that dies, another goes on when its lease has
--            ended.
-- Arguments: the carrier (any octets); its lease in microseconds, 0: it goes; this shard's number; number of shards.
-- Result:    {"idle", microseconds until a rule ends, or -1}; {"busy", microseconds until the lease of another ends}; {"stepped",
--            deliveries changed, action, events made}; {"done", deliveries changed, action, events made, R}; {"over", R, record}: it came to
--            its end by itself, and what it held goes on.
-- Invariant: a step changes deliveries, counts and how far it came together. Each delivery has its turn once.
-- Cost:      O(RULE_STEP * log n), and O(rules + nodes) when it comes to what these hold.
local CARRIER = P .. ':carrier' -- hash: n who carries rules out, u until
local carrier, lease, shard, shards = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
end_overdue()

local function idle()
  local _, ends = first(ENDS)
  return { 'idle', ends and math.max(ends - now, 0) or -1 }
end

local who, leased = unpack(call('HMGET', CARRIER, 'n', 'u'))
if lease == 0 then
  if who == carrier then
    call('DEL', CARRIER)
    if call('EXISTS', WORK) == 1 then call('PUBLISH', BELL, '') end
  end
  return idle()
end
local R = first(WORK)
if not R then
  if who == carrier then call('DEL', CARRIER) end
  return idle()
end
if who and who ~= carrier and tonumber(leased) > now then return { 'busy', tonumber(leased) - now } end
call('HSET', CARRIER, 'n', carrier, 'u', string.format('%.0f', now + lease))

local rule = rule_of(R)
if not rule then
  call('ZREM', WORK, R)
  return { 'stepped', 0, SUSPEND, events.made }
end

local function keep(field, value)
  rule[field] = value
  if value then call('HSET', rule_key(R), field, value) else call('HDEL', rule_key(R), field) end
end

local done, under_way = 0, 0

local function new_ordinal(M)
  for ordinal = 65535 - shard, 0, -shards do
    if not ordinals.has(M, tostring(ordinal)) then return ordinal end
  end
end

local function bounced_flags(d)
  return bit.bor(bit.band(d.flags, MAY_HAVE_BEEN_SENT), BOUNCED)
end

-- Takes the recipients of the rule's domain out of a delivery that has others too; where it is to bounce they become a delivery of their
-- own.
local function part(d)
  local sound, of, _, rest, others = pcall(split, d.recipients, rule.v)
  if not sound then return true end
  if others == 0 then return false end
  local M = string.sub(d.D, 1, 16)
  local ordinal = rule.a == BOUNCE and new_ordinal(M)
  withdraw(d)
  d.recipients = rest
  write(d)
  wait(d)
  if rule.a == DROP then events.add_made('dropped', d, d.lane, rule.R) end
  if not ordinal then return true end
  ordinals.add(M, ordinal)
  local made = {
    D = M .. struct.pack('>I2', ordinal), number = call('HINCRBY', TOTALS, 'q', 1), due = now, attempts = 0, flags = bounced_flags(d), holder = NOBODY,
    lane = BOUNCES, flow = d.flow, bounce = rule.b, recipients = of,
  }
  write(made)
  grow(BOUNCES, 1)
  wait(made)
  add(TOTALS, 'w', 1)
  touched[BOUNCES] = true
  return true
end

local function go_to(d, L)
  grow(d.lane, -1)
  grow(L, 1)
  d.lane = L
  touched[L] = true
end

local acts = {
  [DROP] = function(d)
    withdraw(d)
    grow(d.lane, -1)
    local messages, octets = remove(d)
    events.add_made('dropped', d, d.lane, rule.R)
    add(TOTALS, 'w', -1)
    add(TOTALS, 'm', -messages)
    add(TOTALS, 'o', -octets)
  end,
  [BOUNCE] = function(d)
    withdraw(d)
    go_to(d, BOUNCES)
    d.due, d.bounce, d.flags = now, rule.b, bounced_flags(d)
    write(d)
    wait(d)
  end,
  [EXPEDITE] = function(d)
    withdraw(d)
    d.due = now
    write(d)
    wait(d)
  end,
  [MOVE] = function(d)
    local from = d.lane
    local provider, site = names_of(from)
    withdraw(d)
    go_to(d, lane_of(provider, site, rule.p))
    events.add_made('moved', d, from, rule.R)
    write(d)
    wait(d)
  end,
}

local function is_changed(d)
  if rule.a == EXPEDITE then return d.due > now end
  local _, _, pool = names_of(d.lane)
  return rule.a ~= MOVE or pool ~= rule.p
end

local function act(d)
  if d.bounce or d.number > rule.latest or not is_of(d, rule.c, rule.v) then return end
  if rule.a == EXPEDITE and call('ZREM', PAUSED, d.lane) == 1 then touched[d.lane] = true end
  if is_claimed(d) then
    under_way = under_way + call('SADD', SEEN, member(d))
    return
  end
  if not is_changed(d) then return end
  -- What is bounced or dropped is not met again.
  local stays = rule.a == EXPEDITE or rule.a == MOVE
  if call(stays and 'SADD' or 'SISMEMBER', SEEN, member(d)) == (stays and 0 or 1) then return end
  touched[d.lane] = true
  if stays or rule.c ~= OF_DOMAIN or not part(d) then acts[rule.a](d) end
  done = done + 1
end

local function set_waiting_aside(d)
  if is_claimed(d) or is_aside(d) or not holder_of(d) then return end
  withdraw(d)
  wait(d)
  touched[d.lane] = true
end

local function visit(D)
  local d = read(D)
  if d then (rule.stands and set_waiting_aside or act)(d) end
end

-- Goes through a sorted set of deliveries from where the last step ended: right behind a place that may be empty by now. Returns how many
-- it met.
local function go_through(key, most)
  local from = 0
  if rule.at then
    local mark = rule.at .. '\0'
    call('ZADD', key, rule.score, mark)
    from = call('ZRANK', key, mark)
    call('ZREM', key, mark)
  end
  local members = call('ZRANGE', key, from, from + most - 1, 'WITHSCORES')
  for i = 1, #members, 2 do visit(string.sub(members[i], 7)) end
  local met = #members / 2
  keep('at', met == most and members[#members - 1] or nil)
  keep('score', met == most and members[#members] or nil)
  return met
end

-- Notes the flows of a lane, or the sessions of a node. One that was begun with may be gone by now, and another comes first.
local function open_part(item, ...)
  if rule.part == item then return end
  call('ZUNIONSTORE', PART, ...)
  keep('part', item)
  keep('at', nil)
  keep('score', nil)
end

local function next_lane()
  return call('ZRANGEBYLEX', SITES, rule.lane and '(' .. rule.lane or '-', '+', 'LIMIT', 0, 1)[1]
end

local function is_of_others(L)
  local is_of_lanes = rule.c == OF_LANE or rule.c == OF_SITE or rule.c == OF_PROVIDER
  return L == BOUNCES or is_of_lanes and not is_of_lane(L, rule.c, rule.v)
end

-- Each phase: what is to be noted when it begins; what comes next in it; how to go through a part of that, which says how many deliveries
-- it met and whether that was all; how to leave it behind.
local function of_todo(item) call('ZREM', TODO, item) end
local phases = {
  {
    open = function() end,
    next = next_lane,
    take = function(L, most)
      if is_of_others(L) then return 0, true end
      open_part(L, 2, due_key(L), asleep_key(L))
      local F = first(PART)
      if not F then return 0, true end
      local met = 0
      if rule.c ~= OF_TENANT or string.sub(F, 2) == rule.v then met = go_through(flow_key(L, F), most) end
      if not rule.at then call('ZREM', PART, F) end
      return met, false
    end,
    leave = function(L) keep('lane', L) end,
  },
  {
    open = function() call('ZUNIONSTORE', TODO, 2, LISTED, WORK) end,
    next = function() return (first(TODO)) end,
    take = function(other, most) return go_through(aside_key(other), most), not rule.at end,
    leave = of_todo,
  },
  {
    open = function() call('ZUNIONSTORE', TODO, 1, NODES) end,
    next = function() return (first(TODO)) end,
    take = function(node)
      open_part(node, 1, node_key(node))
      local session = first(PART)
      if not session then return 0, true end
      local held = call('HKEYS', session_key(session))
      for _, D in ipairs(held) do
        if #D == 18 then visit(D) end
      end
      call('ZREM', PART, session)
      return #held, false
    end,
    leave = of_todo,
  },
}

-- Returns whether all was gone through.
local function walk()
  if rule.c == OF_MESSAGE then
    for _, ordinal in ipairs(ordinals.of(rule.v)) do visit(rule.v .. struct.pack('>I2', tonumber(ordinal))) end
    return true
  end
  local left = RULE_STEP
  while left > 0 do
    local number = tonumber(rule.phase or 0)
    local phase = phases[number]
    local item = phase and phase.next()
    if item then
      local met, all = phase.take(item, left)
      if all then
        phase.leave(item)
        keep('part', nil)
      end
      left = left - 1 - met
    elseif number == (rule.stands and 1 or #phases) then
      return true
    else
      keep('phase', number + 1)
      phases[number + 1].open()
    end
  end
  return false
end

local function unblock_some()
  local lanes = call('ZRANGEBYLEX', SITES, rule.lane and '(' .. rule.lane or '-', '+', 'LIMIT', 0, RULE_STEP)
  unblock(rule, lanes)
  keep('lane', lanes[#lanes])
  return #lanes < RULE_STEP
end

if rule.w == 'free' then
  local all = (rule.stops and unblock_some or free)(rule)
  refresh_touched()
  if not all then return { 'stepped', 0, rule.a, events.made } end
  end_work(rule)
  call('DEL', rule_key(R))
  return rule.x and { 'over', R, rule.rec } or { 'stepped', 0, rule.a, events.made }
end

if not rule.stands and ruled().o ~= R then
  call('HSET', RULES, 'o', R, 't', rule.t)
  in_force = nil
end
local all = walk()
refresh_touched()
add(rule_key(R), 'd', done)
add(rule_key(R), 'y', under_way)
if not all then return { 'stepped', done, rule.a, events.made } end
end_work(rule)
if rule.stands then
  tally('k', -1)
  return { 'stepped', 0, rule.a, events.made }
end
call('ZADD', DONE, call('ZSCORE', LISTED, R), R)
for _, old in ipairs(call('ZRANGE', DONE, 0, -1 - MOST_DONE)) do end_rule(rule_of(old), false) end
return { 'done', done, rule.a, events.made, R }
