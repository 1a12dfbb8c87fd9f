-- Lanes and their flows. After a change to a flow's deliveries: place(). After that, and after any change of who may claim: refresh().

local function site_of(L)
  local at = 1
  for _ = 1, 2 do
    if string.sub(L, at, at) == '=' then return string.sub(L, 1, at) end
    local colon = string.find(L, ':', at, true)
    at = colon + 1 + tonumber(string.sub(L, at, colon - 1))
  end
  return string.sub(L, 1, at - 1)
end

local function provider_of(L)
  local colon = string.find(L, ':', 1, true)
  return string.sub(L, 1, colon + tonumber(string.sub(L, 1, colon - 1)))
end

-- The part of SITES that holds the site's lanes.
local function range_of(S)
  return '[' .. S, '(' .. S .. '\255'
end

-- Puts a flow where its first delivery says; due: when that is, where it is known already. One that wakes starts at the lane's virtual
-- time: it is owed nothing for its sleep, and one that had run ahead before it slept is still ahead. O(log n)
local function place(L, F, due)
  if not due then due = select(2, first(flow_key(L, F))) end
  local virtual = call('ZSCORE', awake_key(L), F)
  if due and due <= now then
    if not virtual then
      local ahead = tonumber(call('ZSCORE', ahead_key(L), F) or 0)
      call('ZADD', awake_key(L), math.max(ahead, number(lane_key(L), 'v')), F)
      call('ZREM', ahead_key(L), F)
      call('ZREM', asleep_key(L), F)
    end
    call('ZADD', due_key(L), due, F)
    return
  end
  if virtual then
    call('ZREM', awake_key(L), F)
    call('ZREM', due_key(L), F)
    if tonumber(virtual) > number(lane_key(L), 'v') then call('ZADD', ahead_key(L), virtual, F) end
  end
  if due then call('ZADD', asleep_key(L), due, F) else call('ZREM', asleep_key(L), F) end
end

-- Sets a delivery aside for a rule. It was counted as waiting.
local function set_aside(d, R)
  write_flags(d, bit.bor(d.flags, ASIDE))
  write_holder(d.D, R)
  d.holder = R
  call('ZADD', aside_key(R), d.due, member(d))
  add(lane_key(d.lane), 'h', 1)
  add(TOTALS, 'w', -1)
  add(TOTALS, 'h', 1)
end

-- Lets a delivery that is nobody's wait in its flow, or aside where a rule holds it. Only one that goes first in its flow changes anything
-- else.
local function wait(d)
  local R = holder_of(d)
  if R then
    set_aside(d, R)
    return false
  end
  local flow = flow_key(d.lane, d.flow)
  local at = member(d)
  call('ZADD', flow, d.due, at)
  if first(flow) ~= at then return false end
  place(d.lane, d.flow)
  return true
end

-- What comes into the queue, gathered by flow: each flow gets all of its own at once.
local arrivals = {}
do
local flows = {}

function arrivals.add(d)
  local R = holder_of(d)
  if R then return set_aside(d, R) end
  local key = flow_key(d.lane, d.flow)
  local of = flows[key]
  if not of then
    of = { L = d.lane, F = d.flow, added = {} }
    flows[key] = of
  end
  local at = member(d)
  of.added[at] = true
  of[#of + 1] = d.due
  of[#of + 1] = at
end

-- Returns the lanes of which a flow has another first now.
function arrivals.wait()
  local changed = {}
  for key, of in pairs(flows) do
    in_parts(of, function(...) call('ZADD', key, ...) end)
    local at, due = first(key)
    if of.added[at] then
      place(of.L, of.F, due)
      changed[of.L] = true
    end
  end
  return changed
end
end

-- Takes out a delivery that is not claimed, wherever it waits. It counts as waiting on.
local function withdraw(d)
  if not is_aside(d) then
    call('ZREM', flow_key(d.lane, d.flow), member(d))
    place(d.lane, d.flow)
    return
  end
  call('ZREM', aside_key(d.holder), member(d))
  write_flags(d, bit.band(d.flags, bit.bnot(ASIDE)))
  write_holder(d.D, NOBODY)
  d.holder = NOBODY
  add(lane_key(d.lane), 'h', -1)
  add(TOTALS, 'w', 1)
  add(TOTALS, 'h', -1)
end

-- Wakes flows that have something due by now; what is left over is woken by the next call.
local function promote(L)
  for _, F in ipairs(call('ZRANGEBYSCORE', asleep_key(L), '-inf', now, 'LIMIT', 0, STEP)) do place(L, F) end
end

-- When the first delivery of the lane is or was due; nil where nothing waits.
local function first_due(L)
  local _, due = first(due_key(L))
  local _, later = first(asleep_key(L))
  if due and later then return math.min(due, later) end
  return due or later
end

local function pause_end(L)
  local ends = tonumber(call('ZSCORE', PAUSED, L) or 0)
  return ends > now and ends or nil
end

-- Whether the site has a slot for a lane that says it stands so many; where that is not known, a claim tells.
local function has_room(S, k)
  return not k or number(site_key(S), 's') < tonumber(k)
end

-- After trouble of its site a lane has a window: how many sessions it may have. Each failure makes it one narrower than what is open, each
-- session that goes on one wider. It goes with its lane.
local window = { TOGETHER = 5000000 }

function window.is_full(sessions, w)
  return w and tonumber(sessions or 0) >= tonumber(w)
end

-- A session of the lane has done with what it got, and asks for more. Returns whether the lane may have more sessions now.
function window.widen(L)
  local sessions, w, outages = unpack(call('HMGET', lane_key(L), 's', 'w', 'o'))
  if outages then call('HDEL', lane_key(L), 'o', 'od') end
  if not w or tonumber(w) > tonumber(sessions) then return false end
  call('HSET', lane_key(L), 'w', w + 1)
  return true
end

-- A session can be extended or opened; where all slots are taken, an idle session of another lane of the site can be closed for this one.
local function can_move(L, S)
  if stopper(L) then return false end
  local waits, idle, sessions, w, k = unpack(call('HMGET', lane_key(L), 'b', 'i', 's', 'w', 'k'))
  if waits then return false end
  if tonumber(idle or 0) > 0 then return true end
  return not pause_end(L) and not window.is_full(sessions, w) and (has_room(S, k) or number(site_key(S), 'i') > 0)
end

local function grow(L, by)
  local size = tonumber(call('ZINCRBY', SIZES, by, L))
  if size == by then call('ZADD', SITES, 0, L) end
end

-- Takes a delivery that is in no flow out of the store, its message with the last; its lane's size is the caller's to change. Returns how
-- many messages and octets of content went with it. An empty record stays for a minute: a node that did not hear that its message was
-- stored asks again, and it must not be sent again.
local function remove(d)
  local M = string.sub(d.D, 1, 16)
  call('DEL', delivery_key(d.D))
  if not ordinals.remove(M, (struct.unpack('>I2', d.D, 17))) then return 0, 0 end
  local octets = 0
  local sizes = call('GETRANGE', message_key(M), 6, 13)
  if #sizes == 8 then
    local prefix, body = struct.unpack('>I4I4', sizes)
    octets = prefix + body
  end
  call('SET', message_key(M), '', 'PX', REMEMBERED)
  return 1, octets
end

local function stop_waiting(L)
  if call('HDEL', lane_key(L), 'b') == 0 then return end
  call('ZREM', waiting_key(provider_of(L)), L)
  call('ZREM', elsewhere_key(provider_of(L)), L)
end

local function forget(L, S)
  stop_waiting(L)
  call('DEL', lane_key(L), awake_key(L), due_key(L), asleep_key(L), ahead_key(L))
  call('ZREM', SIZES, L)
  call('ZREM', PAUSED, L)
  call('ZREM', SITES, L)
  if call('ZLEXCOUNT', SITES, range_of(S)) == 0 then call('DEL', site_key(S)) end
end

-- Puts a lane where it belongs among the lanes, or forgets it, and publishes where it can be claimed sooner than was known. O(log n)
local function refresh(L)
  local S = site_of(L)
  local due = first_due(L)
  if not due then
    call('ZREM', LANES, L)
    call('ZREM', BLOCKED, L)
    local size = tonumber(call('ZSCORE', SIZES, L) or 0)
    if size == 0 and number(lane_key(L), 's') == 0 and not pause_end(L) then forget(L, S) end
    return
  end
  local known = tonumber(call('ZSCORE', LANES, L) or nil)
  if not can_move(L, S) then
    if known then call('ZREM', LANES, L) end
    call('ZADD', BLOCKED, due, L)
    return
  end
  if known == due then return end
  call('ZADD', LANES, due, L)
  if not known then call('ZREM', BLOCKED, L) end
  if not known or due < known then call('PUBLISH', WAKE, string.format('%.0f', due)) end
end

local function refresh_site(S)
  for _, L in ipairs(call('ZRANGEBYLEX', SITES, range_of(S))) do refresh(L) end
end

-- The provider may have something to give then, if not sooner. Returns whether it was not known.
local function gives(p, at)
  return call('ZADD', GIVES, 'LT', 'CH', at, p) == 1
end

-- Names the lane to nobody until the provider has something to give: at that time where one is known, or when a session of it ends. One
-- that its own sources keep waiting stands in nobody's way before that time. O(log n)
local function wait_for_provider(L, reason, at, by_sources)
  local p = provider_of(L)
  local turn = first_due(L) or now
  call('HSET', lane_key(L), 'b', reason)
  call('ZADD', waiting_key(p), by_sources and at and math.max(turn, at) or turn, L)
  refresh(L)
  if at and gives(p, at) then call('PUBLISH', WAKE, string.format('%.0f', at)) end
end

-- Names lanes of those that wait until one of them has something due. Returns the turn of the next.
local function name_first(waiting)
  local L, turn = first(waiting)
  for _ = 1, STEP do
    if not L then return nil end
    call('ZREM', waiting, L) -- whatever else is known of it: the first must not stay
    stop_waiting(L)
    refresh(L)
    local due = tonumber(call('ZSCORE', LANES, L) or nil)
    L, turn = first(waiting)
    if due and due <= now then break end
  end
  return L and turn
end

-- What the sources may not send that a claim offered, others may: another node's, or one that its own node could not use just then. Such
-- lanes are named one at a time, beside those that wait for the provider, to whoever asks first; soon where another node could send a
-- moment ago.
local elsewhere
do
local SOON, LATER = 100000, 5000000

local function are_many()
  return call('ZCARD', NODES) > 1
end

local function ask(p, soon)
  local at = now + (soon and SOON or LATER)
  if gives('>' .. p, at) then call('PUBLISH', WAKE, string.format('%.0f', at)) end
end

local function offer(L, soon)
  call('ZADD', elsewhere_key(provider_of(L)), now, L)
  ask(provider_of(L), soon and are_many())
end

local function let_go(p)
  if name_first(elsewhere_key(p)) then gives('>' .. p, now + LATER) end
end

-- Another node could send one that waits for that: it may be able to send more.
local function go_on(p)
  if are_many() and call('EXISTS', elsewhere_key(p)) == 1 then ask(p, true) end
end

elsewhere = { offer = offer, let_go = let_go, go_on = go_on }
end

-- Names one of the lanes that wait for a provider; those that have nothing due any more are passed over. Whoever claims it names the next,
-- if there is more to give; where nobody does, the next comes a second later. O(log n)
local function let_go(p)
  local turn = name_first(waiting_key(p))
  if turn then gives(p, math.max(turn, now + 1000000)) end
end

-- Lets a lane go of each provider that may have something to give by now.
local function ask_providers()
  for _, p in ipairs(call('ZRANGEBYSCORE', GIVES, '-inf', now, 'LIMIT', 0, STEP)) do
    call('ZREM', GIVES, p)
    if string.sub(p, 1, 1) == '>' then elsewhere.let_go(string.sub(p, 2)) else let_go(p) end
  end
end

-- Ends the pauses that are over.
local function catch_up()
  for _, L in ipairs(call('ZRANGEBYSCORE', PAUSED, '-inf', now, 'LIMIT', 0, STEP)) do
    call('ZREM', PAUSED, L)
    refresh(L)
  end
end
