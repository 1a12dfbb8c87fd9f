-- What happened: a stream of all events, and for each message its last one; each names the one before it. Its id begins with the time.
-- Fields of an event: m its message, p the one before, and e the event as JSON; or, where a script made it, k its kind, l lane, f flow, r rule.
local events
do
local EVENTS = P .. ':events' -- stream: what happened
local LAST = P .. ':last'     -- hash: the id of each message's last event

-- One clock may be behind the stream's last id: then the stream's own goes on.
local function append(...)
  local id = redis.pcall('XADD', EVENTS, string.format('%.0f-*', math.floor(now / 1000)), ...)
  return id.err and call('XADD', EVENTS, '*', ...) or id
end

local function add(M, ...)
  if M == '' then return append(...) end
  local before = call('HGET', LAST, M)
  local id = before and append('m', M, 'p', before, ...) or append('m', M, ...)
  call('HSET', LAST, M, id)
  return id
end

-- What is added by the two below is in a message's timeline with keep(), which ends a script that calls them.
local last, unkept = {}, {}

local function add_next(M, ...)
  local before = last[M] or nil
  last[M] = before and append('m', M, 'p', before, ...) or append('m', M, ...)
  unkept[M] = true
end

-- The first of a message.
local function add_first(M, ...)
  last[M] = false
  add_next(M, ...)
end

-- Events as JSON, each behind its length, of messages: pairs of M and these.
local function add_all(packed)
  local unknown = {}
  for i = 1, #packed, 2 do
    if packed[i + 1] ~= '' and last[packed[i]] == nil then unknown[#unknown + 1] = packed[i] end
  end
  in_parts(unknown, function(...)
    local messages = { ... }
    for i, id in ipairs(call('HMGET', LAST, ...)) do last[messages[i]] = id end
  end)
  for i = 1, #packed, 2 do
    local M, list, at = packed[i], packed[i + 1], 1
    while at <= #list do
      local length = struct.unpack('>I4', list, at)
      add_next(M, 'e', string.sub(list, at + 4, at + 3 + length))
      at = at + 4 + length
    end
  end
end

local function keep()
  local fields = {}
  for M in pairs(unkept) do
    fields[#fields + 1] = M
    fields[#fields + 1] = last[M]
  end
  in_parts(fields, function(...) call('HSET', LAST, ...) end)
  unkept = {}
end

-- Those that this run made, as they are read: id and fields.
local made = {}
local function add_made(kind, d, L, R)
  local M = string.sub(d.D, 1, 16)
  local id = add(M, 'k', kind, 'l', L, 'f', d.flow, 'r', R)
  made[#made + 1] = { id, { 'm', M, 'k', kind, 'l', L, 'f', d.flow, 'r', R } }
end

-- Of a message, the last first: for each its id and fields. O(events)
local function of_message(M, most)
  local found, id = {}, call('HGET', LAST, M)
  while id and #found < most do
    local entry = call('XRANGE', EVENTS, id, id)[1]
    if not entry then break end
    found[#found + 1] = entry
    id = nil
    for i = 1, #entry[2], 2 do
      if entry[2][i] == 'p' then id = entry[2][i + 1] end
    end
  end
  return found
end

-- How many there ever were, and how many there are.
local function counts()
  if call('EXISTS', EVENTS) == 0 then return 0, 0 end
  local info = call('XINFO', 'STREAM', EVENTS)
  local of = {}
  for i = 1, #info, 2 do of[info[i]] = info[i + 1] end
  return of['entries-added'], of.length
end

-- Lets go of the oldest: of at most a number of them, those beyond so many, and those from before a time. Returns how many. O(those)
local function trim(most, before, number)
  local gone = 0
  repeat
    local length, last = call('XLEN', EVENTS), 0
    local oldest = call('XRANGE', EVENTS, '-', '+', 'COUNT', math.min(number - gone, STEP))
    for i, entry in ipairs(oldest) do
      if length - last <= most and tonumber(string.match(entry[1], '^%d+')) * 1000 >= before then break end
      last = i
      local fields = entry[2]
      if fields[1] == 'm' and call('HGET', LAST, fields[2]) == entry[1] then call('HDEL', LAST, fields[2]) end
    end
    if last > 0 then call('XTRIM', EVENTS, 'MAXLEN', length - last) end
    gone = gone + last
  until last < STEP or gone == number
  return gone
end

events = {
  KEY = EVENTS,
  add = add,
  add_first = add_first,
  add_all = add_all,
  keep = keep,
  add_made = add_made,
  made = made,
  of_message = of_message,
  counts = counts,
  trim = trim,
}
end
