-- Traffic: what a provider may get, in all and from each source, and what it taught us (docs/decisions/0010-traffic.md).
--
-- The hash of a provider, and that of each source at it, have c connections and buckets, each the time at which it is full again: m
-- messages, o octets, n new connections, f first attempts. That of a source also has l when it was last used, w the present minute, wn the
-- messages granted in it, wl those of the minute before; r messages a second, rb what it was before, ra since when, a its bucket;
-- q connections, qb, qa likewise, qw minutes until one more is tried; g messages on a connection, ga; x suspended until; y the reply behind
-- the last change, z when it was; and for warm-up: hp plan, hs step, hd day, hu used, hr refused.
-- One table: a script has room for 200 names.
local traffic
do
local MINUTE, DAY = 60000000, 86400000000
local LIMITS = '>I4I4dddddddd'
local LIMITS_OCTETS = 72
local LEAST_RATE, LEAST_MEASURED = 1 / 60, 10 / 60
local KEPT, KEPT_LEARNED = 600000, 2592000000 -- milliseconds, after the last session
local SPARE = 60000 -- and a full bucket, where the clock that ends keys and that of the queue do not agree

local NO_LIMITS = { connections = 0, carries = 0, mT = 0, nT = 0, oT = 0, fT = 0 }

-- 0: not limited. A rate is the microseconds for one, and the burst.
local function limits_at(text, at)
  local l = {}
  l.connections, l.carries, l.mT, l.mb, l.nT, l.nb, l.oT, l.ob, l.fT, l.fb = struct.unpack(LIMITS, text, at)
  return l
end

-- weight, limits, the lengths of name and plan, how many budgets; then these.
local function source_at(text)
  if text == '' then return { name = '', weight = 1, limits = NO_LIMITS } end
  local weight, name, plan, budgets = struct.unpack('>I4I2I2I2', text)
  local at = 11 + LIMITS_OCTETS
  local source = { weight = weight, limits = limits_at(text, 11), name = string.sub(text, at, at + name - 1) }
  at = at + name
  if budgets > 0 then
    source.plan = string.sub(text, at, at + plan - 1)
    source.budgets = { struct.unpack('>' .. string.rep('I4', budgets), text, at + plan) }
    source.budgets[#source.budgets] = nil
  end
  return source
end

local function fields_of(key)
  local fields, state = call('HGETALL', key), {}
  for i = 1, #fields, 2 do state[fields[i]] = fields[i + 1] end
  return state
end

local function whole(value) return string.format('%.0f', value) end
local function exact(value) return string.format('%.17g', value) end

-- What a bucket is short of being full, in microseconds. Only octets go into debt; elsewhere more than a whole bucket is what a lower limit
-- left behind.
local function owed(full, T, b, debt)
  local owes = math.max(full, now) - now
  return debt and owes or math.min(owes, b * T)
end

-- How many more a bucket gives; when it gives one; and its level after so many.
local function gives(full, T, b, debt) return math.floor((b * T - owed(full, T, b, debt) + 1) / T) end
local function gives_at(full, T, b, debt) return math.ceil(now + owed(full, T, b, debt) + T - b * T) end
local function taken_from(full, T, b, amount, debt) return math.ceil(now + owed(full, T, b, debt) + amount * T) end

local function past(since, unit) return math.floor((now - tonumber(since)) / unit) end

-- A rate that was lowered is soon back at nine tenths of what it was, stays about there, and then asks for more; nil: it is forgotten.
local function adapted_rate(state)
  if not state.r then return nil end
  local to, before, minutes = tonumber(state.r), tonumber(state.rb), past(state.ra, MINUTE)
  if minutes < 4 then return math.max(to, to + minutes / 4 * (0.9 * before - to)) end
  local beyond = minutes - 4
  local share = 0.9 + beyond / 100 + beyond * beyond * beyond / 5000
  if share < 10 then return math.max(to, share * before) end
end

-- One more after each wait; nil: they are forgotten.
local function adapted_connections(state)
  if not state.q then return nil end
  local connections = tonumber(state.q) + past(state.qa, tonumber(state.qw or 1) * MINUTE)
  if connections < 2 * tonumber(state.qb) then return connections end
end

-- What adaptation allows now: messages a second, connections, messages on a connection; nil: no less than the limits do.
local function adapted(state)
  local carries = state.g and now - tonumber(state.ga) < DAY and tonumber(state.g) or nil
  return adapted_rate(state), adapted_connections(state), carries
end

local function is_suspended(state) return tonumber(state.x or 0) > now end

-- Today's budget of a source that is being warmed up; nil: it is warm (step 0). The first look on a new day decides the step.
local function budget_of(source, state)
  if not source.plan then return nil end
  local day = math.floor(now / DAY)
  local step, used, refused = tonumber(state.hs or 1), tonumber(state.hu or 0), tonumber(state.hr or 0)
  if state.hp ~= source.plan then
    step, used, refused = 1, 0, 0
  elseif step == 0 then
    return nil
  elseif tonumber(state.hd) < day then
    local budget = source.budgets[step] or 0
    if used * 5 >= budget * 4 and refused * 20 <= used then step = step + 1
    elseif refused * 10 > used then step = math.max(1, step - 1) end
    used, refused = 0, 0
  end
  if not source.budgets[step] then step = 0 end
  state.hp, state.hd, state.hs, state.hu, state.hr = source.plan, whole(day), step, used, refused
  return source.budgets[step]
end

-- Lists a source among those that are being warmed up. Those that were forgotten meanwhile leave the list. O(log n)
local function list_warming(p, e)
  call('ZADD', WARMING, now, p .. e)
  call('ZREMRANGEBYSCORE', WARMING, '-inf', now - KEPT_LEARNED * 1000 - DAY)
end

-- One side of the traffic, a provider or a source, as it is now.
local function party(limits, state)
  local buckets = { { 'm', limits.mT, limits.mb }, { 'o', limits.oT, limits.ob }, { 'f', limits.fT, limits.fb } }
  return { limits = limits, state = state, buckets = buckets, connections = limits.connections > 0 and limits.connections or nil }
end

local function source_party(source, state)
  local side = party(source.limits, state)
  local rate, connections, carries = adapted(state)
  side.source, side.carries = source, carries
  if connections then side.connections = math.min(side.connections or connections, connections) end
  if rate then table.insert(side.buckets, 1, { 'a', 1000000 / rate, math.max(1, math.ceil(rate / 10)) }) end
  local last = state.hd
  side.budget = budget_of(source, state)
  side.begins = side.budget and state.hd ~= last
  return side
end

local function level(side, field) return tonumber(side.state[field] or 0) end
local function connections(side) return level(side, 'c') end

-- How many messages a side may have; where none, why and from when.
local function allowance(side, opening, is_first)
  local limits = side.limits
  if side.source and is_suspended(side.state) then return 0, 'sources', tonumber(side.state.x) end
  if opening then
    if side.connections and level(side, 'c') >= side.connections then return 0, 'connections' end
    local n = level(side, 'n')
    if limits.nT > 0 and gives(n, limits.nT, limits.nb) < 1 then return 0, 'rate', gives_at(n, limits.nT, limits.nb) end
  end
  local most = math.huge
  for _, bucket in ipairs(side.buckets) do
    local field, T, b = bucket[1], bucket[2], bucket[3]
    if T > 0 and (field ~= 'f' or is_first) then
      local more = gives(level(side, field), T, b, field == 'o')
      if more < 1 then return 0, 'rate', gives_at(level(side, field), T, b, field == 'o') end
      if field == 'a' or field == 'm' then most = math.min(most, more) end
    end
  end
  if side.budget then
    local left = side.budget - side.state.hu
    if left < 1 then return 0, 'budget', (tonumber(side.state.hd) + 1) * DAY end
    most = math.min(most, left)
  end
  return most
end

local GRAVITY = { 'connections', 'rate', 'budget', 'sources' }

-- What each source may have for a new session; and where none may have anything, why, and from when.
local function choices(p, sources, is_first)
  local sides, reasons, soonest, any = {}, {}, nil, false
  for i, source in ipairs(sources) do
    local side = source_party(source, fields_of(source_key(p, source.name)))
    local more, reason, at = allowance(side, true, is_first)
    side.more, sides[i] = more, side
    if more > 0 then
      any = true
    else
      reasons[reason] = true
      if at and (not soonest or at < soonest) then soonest = at end
    end
  end
  if any then return sides end
  for _, reason in ipairs(GRAVITY) do
    if reasons[reason] then return sides, reason, soonest end
  end
  return sides, 'none'
end

-- Takes out of the buckets of a side what one message is.
local function charge(side, octets, is_first)
  for _, bucket in ipairs(side.buckets) do
    local field, T, b = bucket[1], bucket[2], bucket[3]
    local amount = field == 'o' and octets or (field ~= 'f' or is_first) and 1 or 0
    if T > 0 and amount > 0 then side.state[field] = taken_from(level(side, field), T, b, amount, field == 'o') end
  end
end

-- Whether one more message may follow in the same claim, as far as octets and first attempts go.
local function may_follow(side, is_first)
  for _, bucket in ipairs(side.buckets) do
    local field, T, b = bucket[1], bucket[2], bucket[3]
    if T > 0 and (field == 'o' or field == 'f' and is_first) and gives(level(side, field), T, b, field == 'o') < 1 then return false end
  end
  return true
end

local function keep(key, side, fields)
  local values = {}
  for _, field in ipairs(fields) do
    local value = side.state[field]
    if value then
      values[#values + 1] = field
      values[#values + 1] = type(value) == 'number' and exact(value) or value
    end
  end
  if #values > 0 then call('HSET', key, unpack(values)) end
end

local PROVIDER_FIELDS = { 'c', 'm', 'o', 'n', 'f' }
local SOURCE_FIELDS = { 'c', 'm', 'o', 'n', 'f', 'a', 'l', 'w', 'wn', 'wl', 'hp', 'hs', 'hd', 'hu', 'hr' }

-- A session that opens is a connection of both sides. What was to go some time after the last one stays with the first.
local function connect(key, side)
  local state = side.state
  if level(side, 'c') == 0 and (state.c or state.z or state.hp) then call('PERSIST', key) end
  side.state.c = level(side, 'c') + 1
  local T = side.limits.nT
  if T > 0 then side.state.n = taken_from(level(side, 'n'), T, side.limits.nb, 1) end
end

-- What a source granted in the last 60 s, as if that of the minute before had gone evenly; messages a second.
local function measured(state)
  local window = math.floor(now / MINUTE)
  local seen = tonumber(state.w or -1)
  local present = seen == window and tonumber(state.wn or 0) or 0
  local last = seen == window and tonumber(state.wl or 0) or seen == window - 1 and tonumber(state.wn or 0) or 0
  return math.max(LEAST_MEASURED, (present + last * (1 - (now - window * MINUTE) / MINUTE)) / 60)
end

local function count_granted(side, messages)
  local state, window = side.state, math.floor(now / MINUTE)
  local seen = tonumber(state.w or -1)
  if seen ~= window then state.w, state.wl, state.wn = window, seen == window - 1 and tonumber(state.wn or 0) or 0, 0 end
  state.wn = tonumber(state.wn) + messages
  state.l = now
  if side.budget then state.hu = state.hu + messages end
end

-- Lets what nobody is connected for go when its buckets are full again; true: it is gone.
local function expire(key, state, kept)
  local latest = now
  for _, field in ipairs({ 'm', 'o', 'n', 'f', 'a' }) do latest = math.max(latest, tonumber(state[field] or 0)) end
  if latest == now and kept == 0 then
    call('DEL', key)
    return true
  end
  call('PEXPIRE', key, whole(math.max((latest - now) / 1000 + SPARE, kept)))
end

-- The names of a provider's sources go with the last of their records, after its last connection. O(sources)
local function expire_names(p)
  local longest = 0
  for _, e in ipairs(call('SMEMBERS', sources_key(p))) do
    local left = call('PTTL', source_key(p, e))
    if left == -1 then return end
    longest = math.max(longest, left)
  end
  call('PEXPIRE', sources_key(p), longest)
end

-- The end of a session at the provider. What is not needed any more goes, at once or by itself.
local function disconnect(p, e)
  local key = source_key(p, e)
  if call('HINCRBY', key, 'c', -1) <= 0 then
    local state = fields_of(key)
    local learned = state.z or state.hp
    if expire(key, state, learned and KEPT_LEARNED or e == '' and 0 or KEPT) then
      call('SREM', sources_key(p), e)
    end
  end
  if call('HINCRBY', provider_key(p), 'c', -1) <= 0 then
    expire(provider_key(p), fields_of(provider_key(p)), 0)
    expire_names(p)
  end
end

traffic = {
  limits_at = limits_at,
  source_at = source_at,
  fields_of = fields_of,
  whole = whole,
  exact = exact,
  adapted = adapted,
  is_suspended = is_suspended,
  party = party,
  source_party = source_party,
  allowance = allowance,
  choices = choices,
  connections = connections,
  charge = charge,
  may_follow = may_follow,
  keep = keep,
  connect = connect,
  measured = measured,
  count_granted = count_granted,
  list_warming = list_warming,
  disconnect = disconnect,
  NO_LIMITS = NO_LIMITS,
  LEAST_RATE = LEAST_RATE,
  KEPT_LEARNED = KEPT_LEARNED,
  DAY = DAY,
  PROVIDER_FIELDS = PROVIDER_FIELDS,
  SOURCE_FIELDS = SOURCE_FIELDS,
}
end
