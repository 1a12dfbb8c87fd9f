#!lua flags=allow-oom
-- uses: keys records rules labels lanes turns traffic sessions ruling
-- Purpose:   takes due deliveries of one lane in weighted fair order for a session, opening it or extending it.
-- Arguments: session (16 octets); "open" or "extend"; node; L; most deliveries; most octets of content; messages on one connection; what a
--            delivery costs in virtual time, by class (3); the provider's limits, then the sources that are offered (traffic.lua says how;
--            "": no limits, and the system's choice of source).
-- Result:    {"granted", source, then for each: D, its record, its message's record (without the content where that is too much)} or
--            {"due", next time or ""}, {"paused", its end}, {"slow"}, {"connections"}, {"exhausted"}, {"lost"}, {"suspended", its end or ""},
--            {"held", next time or ""}, {"rate", "budget" or "sources", next time or ""}, {"turn", when to ask again}: another node's
--            source goes first; {"none"}: no source is offered.
-- Invariant: what is granted is in no flow, and names the session as its holder. No site has more sessions than it stands; no provider, and
--            no source at it, gets more than its limits.
-- Cost:      O(granted * log n + sources)
local session, opening, node, L = ARGV[3], ARGV[4] == 'open', ARGV[5], ARGV[6]
local most, room, per_connection = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local costs = { ['0'] = tonumber(ARGV[10]), ['1'] = tonumber(ARGV[11]), ['2'] = tonumber(ARGV[12]) }
local S = site_of(L)
local text = function(time) return time and string.format('%.0f', time) or '' end

local p = provider_of(L)
local limits = ARGV[13] == '' and traffic.NO_LIMITS or traffic.limits_at(ARGV[13], 1)
local sources = {}
for i = 14, #ARGV do sources[#sources + 1] = traffic.source_at(ARGV[i]) end
if limits.carries > 0 then per_connection = limits.carries end

-- An opening claim that ends for a reason of its lane leaves what the provider has to another lane.
local function leave(answer)
  if opening then let_go(p) end
  return answer
end

local granted, source = 0, nil
if opening then
  if call('EXISTS', past_key(session)) == 1 then return { 'lost' } end
else
  local known = call('HMGET', session_key(session), 'n', 'l', 'g', 'e', 'i')
  if known[1] ~= node or known[2] ~= L then return { 'lost' } end
  if known[5] == '0' and window.widen(L) then refresh(L) end
  granted = tonumber(known[3])
  if granted >= per_connection then return { 'exhausted' } end
  for _, one in ipairs(sources) do
    if one.name == known[4] then source = one end
  end
  if not source then return { 'exhausted' } end
end
end_overdue()
local R = stopper(L)
if R and (not opening or call('ZSCORE', SIZES, L)) then
  refresh(L)
  return leave({ 'suspended', call('HGET', rule_key(R), 'u') or '' })
end
promote(L)

-- Until a rule has been gone through the queue with, what it holds may come up here: it is set aside then. Bounded; the next claim goes on.
local sifts = ruled().k ~= nil
local sifted = 0
local function is_set_aside(d)
  if not sifts or not holder_of(d) then return false end
  sifted = sifted + 1
  return true
end
local function sift()
  while sifts and sifted < RULE_STEP do
    local F = first(awake_key(L))
    local at = F and first(flow_key(L, F))
    local d = at and read(string.sub(at, 7))
    if not d or not is_set_aside(d) then break end
    withdraw(d)
    wait(d)
  end
  if sifted > 0 then refresh(L) end
  return sifted < RULE_STEP
end
if not sift() and call('EXISTS', awake_key(L)) == 1 then return leave({ 'held', text(now) }) end

local line = turns.of(p, select(3, names_of(L)), sources)

-- A claim that gets nothing for another reason than its sources offers them all the same.
local function offer()
  if not line then return end
  turns.offer(line, sources)
  turns.keep(line)
end

if call('EXISTS', awake_key(L)) == 0 then
  offer()
  if not opening then
    stop_waiting(L)
    if set_idle(session, L, S, true) then refresh_site(S) else refresh(L) end
  end
  local _, later = first(asleep_key(L))
  return leave({ opening and number(lane_key(L), 'h') > 0 and 'held' or 'due', text(later) })
end

if opening then
  local ends = pause_end(L)
  if ends then return leave({ 'paused', text(ends) }) end
  local sessions, w, k = unpack(call('HMGET', lane_key(L), 's', 'w', 'k'))
  if window.is_full(sessions, w) then return leave({ 'slow' }) end
  local stands = limits.connections > 0 and limits.connections or CONNECTIONS
  local room = has_room(S, stands)
  if tonumber(k or nil) ~= stands then
    call('HSET', lane_key(L), 'k', stands)
    if stands < tonumber(call('HGET', site_key(S), 'k') or stands + 1) then call('HSET', site_key(S), 'k', stands) end
    if k or not room then refresh(L) end
  end
  if not room then
    offer()
    return leave({ 'connections' })
  end
end

-- The first in line; that is what decides whether a limit on first attempts matters.
local function is_first_attempt()
  if limits.fT == 0 and #sources == 1 and sources[1].limits == traffic.NO_LIMITS then return false end
  local F = first(awake_key(L))
  local at = F and first(flow_key(L, F))
  local d = at and read(string.sub(at, 7))
  return d ~= nil and d.attempts == 0
end

local function refuse(reason, at, by_sources)
  if reason == 'none' then return { 'none' } end
  local has_idle = number(lane_key(L), 'i') > 0
  if not opening then
    if reason == 'sources' then return { 'exhausted' } end
    if set_idle(session, L, S, true) then refresh_site(S) end
  end
  if reason ~= 'connections' or not has_idle then
    wait_for_provider(L, reason, at, by_sources)
    if by_sources and line then elsewhere.offer(L, turns.has_others(line, sources)) end
  end
  return { reason, text(at) }
end

local head_is_first = is_first_attempt()
local provider = traffic.party(limits, limits == traffic.NO_LIMITS and { c = call('HGET', provider_key(p), 'c') } or traffic.fields_of(provider_key(p)))
local room_there, why, at = traffic.allowance(provider, opening, head_is_first)
if room_there == 0 then
  offer()
  return refuse(why, at)
end

local side, room_here
do
  -- The source of a new session, and how many messages it may have.
  local function choose()
    local sides
    sides, why, at = traffic.choices(p, sources, head_is_first)
    if not line then return sides[1], sides[1] and sides[1].more end
    return turns.choose(line, sides)
  end

  -- How many messages the session's source may have; none where it is too far ahead of another that could open a session instead.
  local function go_on(side)
    local more
    more, why, at = traffic.allowance(side, false, head_is_first)
    if not line then return more end
    if more == 0 then
      turns.leave_out(line, source.name)
      return 0
    end
    turns.offer(line, sources, source)
    local own, all = traffic.connections(side), traffic.connections(provider)
    if turns.go_on(line, source, own, all) == 0 then
      for i, other in ipairs(traffic.choices(p, sources, head_is_first)) do
        if other.more == 0 and sources[i] ~= source then turns.leave_out(line, other.source.name) end
      end
    end
    return math.min(more, turns.go_on(line, source, own, all))
  end

  if opening then
    side, room_here = choose()
  else
    side = traffic.source_party(source, traffic.fields_of(source_key(p, source.name)))
    room_here = go_on(side)
  end
  if not side or room_here == 0 then
    if line then turns.keep(line) end
    if why then return refuse(why, at, true) end
    return opening and { 'turn', text(now + turns.AGAIN) } or { 'exhausted' }
  end
end
if side.carries then per_connection = math.min(per_connection, side.carries) end
if side.limits.carries > 0 then per_connection = math.min(per_connection, side.limits.carries) end
if granted >= per_connection then
  if line then turns.keep(line) end
  return { 'exhausted' }
end

local others = false
if opening then
  call('ZADD', NODES, 'NX', now, node)
  call('SADD', node_key(node), session)
  call('HSET', session_key(session), 'n', node, 'l', L, 'g', 0, 'i', 0, 'e', side.source.name)
  call('SADD', sources_key(p), side.source.name)
  call('PERSIST', sources_key(p))
  traffic.connect(provider_key(p), provider)
  traffic.connect(source_key(p, side.source.name), side)
  add(lane_key(L), 's', 1)
  add(site_key(S), 's', 1)
  add(TOTALS, 's', 1)
  local open, least = unpack(call('HMGET', site_key(S), 's', 'k'))
  others = least and tonumber(open) >= tonumber(least)
else
  others = set_idle(session, L, S, false)
end

-- How many in a row are the turn of the flow with the least virtual time: until it has as much as the one behind it.
local function in_a_row(virtual, cost, want)
  local behind = tonumber(call('ZRANGE', awake_key(L), 1, 1, 'WITHSCORES')[2])
  local count = 1
  while count < want and (not behind or virtual + count * cost < behind) do count = count + 1 end
  return count
end

local reply = { 'granted', side.source.name }
local AT_ONCE = 65536 -- octets; most messages are whole in the first look
local careful = limits.oT > 0 or limits.fT > 0 or side.limits.oT > 0 or side.limits.fT > 0
local held = {}
local function grant(D, record, is_first)
  write_holder(D, session)
  held[#held + 1] = D
  held[#held + 1] = ''
  local key = message_key(string.sub(D, 1, 16))
  local message = call('GETRANGE', key, 0, AT_ONCE - 1)
  local head, prefix, body = 0, 0, 0
  if #message >= 14 then head, prefix, body = struct.unpack('>I4I4I4', message, 3) end
  traffic.charge(provider, prefix + body, is_first)
  traffic.charge(side, prefix + body, is_first)
  local whole = prefix + body <= room
  if whole then
    room = room - prefix - body
    if #message == AT_ONCE then message = call('GET', key) end
  else
    message = head <= #message and string.sub(message, 1, head) or call('GETRANGE', key, 0, head - 1)
  end
  reply[#reply + 1] = D
  reply[#reply + 1] = record
  reply[#reply + 1] = message
end

local function records_of(members)
  local keys = {}
  for i, at in ipairs(members) do keys[i] = delivery_key(string.sub(at, 7)) end
  return #keys > 0 and call('MGET', unpack(keys)) or {}
end

most = math.min(most, per_connection - granted, room_there, room_here)
local taken, gone = 0, 0
while taken < most and sifted < RULE_STEP do
  local F, virtual = first(awake_key(L))
  if not F then break end
  if careful and taken > 0 then
    local is_first = is_first_attempt()
    if not traffic.may_follow(provider, is_first) or not traffic.may_follow(side, is_first) then break end
  end
  local cost = costs[string.sub(F, 1, 1)]
  local flow = flow_key(L, F)
  local members = call('ZRANGEBYSCORE', flow, '-inf', now, 'LIMIT', 0, careful and 1 or in_a_row(virtual, cost, most - taken))
  -- None where the clock was set back: then the flow sleeps.
  if #members > 0 then
    call('ZREMRANGEBYRANK', flow, 0, #members - 1)
    call('HSET', lane_key(L), 'v', virtual + (#members - 1) * cost)
    call('ZADD', awake_key(L), virtual + #members * cost, F)
  end
  place(L, F)
  local records = records_of(members)
  for i, at in ipairs(members) do
    local D, record = string.sub(at, 7), records[i]
    local d = (sifts or careful) and parse(D, record)
    if d and is_set_aside(d) then
      wait(d)
    elseif record then
      grant(D, record, d and d.attempts == 0)
      taken = taken + 1
    else
      gone = gone + 1
    end
  end
end
call('ZREMRANGEBYSCORE', ahead_key(L), '-inf', number(lane_key(L), 'v'))

traffic.count_granted(side, taken)
if line then
  turns.take(line, side.source, taken, traffic.allowance(side, true, false) > 0)
  turns.keep(line)
end
traffic.keep(provider_key(p), provider, limits == traffic.NO_LIMITS and { 'c' } or traffic.PROVIDER_FIELDS)
traffic.keep(source_key(p, side.source.name), side, traffic.SOURCE_FIELDS)
if side.begins then traffic.list_warming(p, side.source.name) end
in_parts(held, function(...) call('HSET', session_key(session), ...) end)
call('HINCRBY', session_key(session), 'g', taken)
add(lane_key(L), 'c', taken)
add(TOTALS, 'c', taken)
add(TOTALS, 'w', -taken - gone)
if gone > 0 then grow(L, -gone) end
if others then refresh_site(S) else refresh(L) end
let_go(p)
if opening and line then elsewhere.go_on(p) end
return reply
