-- uses: keys records rules labels lanes events
-- Purpose:   stores messages, each with its deliveries of this shard, or nothing of it.
-- Arguments: for each request: M; its record (or "", where it may be here already); octets of its content; "new", or "move" where
--            deliveries come from another shard; its event as JSON, or "" (moving: what names this move, 16 octets); then for each
--            delivery: ordinal, when it is due (in the past: now), attempts, flags, L, F, recipients.
-- Result:    for each request: 1 stored; 0 the message (moving: each of the deliveries) is here already, or was a moment ago, and nothing
--            was changed; 2 the message is not here and its record was not given, and nothing was changed.
-- Invariant: a message's record is here for exactly as long as one of its deliveries is, and empty for a minute after. Asked twice, it
--            stores once, whatever moves here meanwhile.
-- Cost:      O(deliveries * log n)
local STRIDE = 7
local messages, octets = 0, 0
local stored, sizes = {}, {}

local function delivery_at(M, i, moving)
  return {
    D = M .. struct.pack('>I2', tonumber(ARGV[i])), due = math.max(tonumber(ARGV[i + 1]), moving and 0 or now),
    attempts = tonumber(ARGV[i + 2]), flags = tonumber(ARGV[i + 3]), lane = ARGV[i + 4], flow = ARGV[i + 5], recipients = ARGV[i + 6],
    holder = NOBODY,
  }
end

local function store(M, i, moving)
  stored[#stored + 1] = delivery_at(M, i, moving)
  local L = ARGV[i + 4]
  sizes[L] = (sizes[L] or 0) + 1
end

local function store_all(M, at, last, moving)
  local list = {}
  for i = at + 5, last, STRIDE do
    list[#list + 1] = ARGV[i]
    store(M, i, moving)
  end
  ordinals.begin(M, list)
end

-- Adds deliveries to a message that may be here. Returns whether any was not, and whether the message was.
local function add_to(M, at, last, moving)
  local before = #stored
  if call('STRLEN', message_key(M)) == 0 then
    call('SET', message_key(M), ARGV[at + 1])
    store_all(M, at, last, moving)
    return true, false
  end
  for i = at + 5, last, STRIDE do
    if ordinals.add(M, ARGV[i]) then store(M, i, moving) end
  end
  return #stored > before, true
end

-- Whether storing deliveries that are new needs it: not where the message is here, or is known to have been, with these of its deliveries.
local function needs_record(M)
  if call('STRLEN', message_key(M)) > 0 then return false end
  return call('EXISTS', message_key(M)) == 0 or call('EXISTS', past_key(M)) == 1
end

-- Whether these deliveries are new here, and whether the message was here. One that was is known to have been stored before, but for one
-- of which a delivery came from another shard first. nil where the record is needed.
local function add_new(at, last)
  local M, known, add_event = ARGV[at], false, events.add_first
  if ARGV[at + 1] == '' and needs_record(M) then return nil end
  if call('SET', message_key(M), ARGV[at + 1], 'NX') then
    store_all(M, at, last, false)
  elseif call('DEL', past_key(M)) == 1 then
    known = select(2, add_to(M, at, last, false))
    add_event = events.add
  else
    return false
  end
  if ARGV[at + 4] ~= '' then add_event(M, 'e', ARGV[at + 4]) end
  return true, known
end

-- The same for what moves; nil where the message would have to be here.
local function add_moved(at, last)
  local M, move = ARGV[at], past_key(ARGV[at + 4])
  if call('EXISTS', move) == 1 then return false end
  if ARGV[at + 1] == '' and call('STRLEN', message_key(M)) == 0 then return nil end
  call('SET', move, '', 'PX', LATEST)
  if call('EXISTS', message_key(M)) == 0 then call('SET', past_key(M), '', 'PX', REMEMBERED) end
  return add_to(M, at, last, true)
end

local answers = for_each_request(function(at, last)
  local add_request = ARGV[at + 3] == 'move' and add_moved or add_new
  local is_new, known = add_request(at, last)
  if not is_new then return is_new == nil and 2 or 0 end
  if not known then
    messages = messages + 1
    octets = octets + tonumber(ARGV[at + 2])
  end
  return 1
end)
if #stored == 0 then return answers end

-- A rule may ask for the tags of a message: all of these are stored by now.
local number = call('HINCRBY', TOTALS, 'q', #stored) - #stored
for i, d in ipairs(stored) do
  d.number = number + i
  write(d)
  arrivals.add(d)
end
for L, count in pairs(sizes) do grow(L, count) end
add(TOTALS, 'm', messages)
add(TOTALS, 'o', octets)
add(TOTALS, 'w', #stored)
events.keep()
for L in pairs(arrivals.wait()) do refresh(L) end
return answers
