-- uses: keys records rules labels lanes events
-- Purpose:   stores messages, each with its deliveries of this shard, or nothing of it.
-- Arguments: for each request: M; its record; octets of its content; "new", or "move" where deliveries come from another shard; its event
--            as JSON, or ""; then for each delivery: ordinal, when it is due (in the past: now), attempts, flags, L, F, recipients.
-- Result:    for each request: 1 stored; 0 the message (moving: each of the deliveries) is here already, or was a moment ago, and nothing
--            was changed.
-- Invariant: a message's record is here for exactly as long as one of its ordinals is, and empty for a minute after. Asked twice, it stores
--            once.
-- Cost:      O(deliveries * log n)
local STRIDE = 7
local messages, octets, waiting, changed = 0, 0, 0, {}

local function delivery_at(M, i, moving)
  return {
    D = M .. struct.pack('>I2', tonumber(ARGV[i])), due = math.max(tonumber(ARGV[i + 1]), moving and 0 or now),
    attempts = tonumber(ARGV[i + 2]), flags = tonumber(ARGV[i + 3]), lane = ARGV[i + 4], flow = ARGV[i + 5], recipients = ARGV[i + 6],
    holder = NOBODY,
  }
end

local answers = for_each_request(function(at, last)
  local M, record, moving = ARGV[at], ARGV[at + 1], ARGV[at + 3] == 'move'
  if not moving and call('EXISTS', message_key(M)) == 1 then return 0 end
  local known = moving and call('STRLEN', message_key(M)) > 0

  -- Before its deliveries: a rule may ask for its tags.
  if not known then call('SET', message_key(M), record) end
  local stored = 0
  for i = at + 5, last, STRIDE do
    if call('SADD', ordinals_key(M), ARGV[i]) == 1 then
      local d = delivery_at(M, i, moving)
      stored = stored + 1
      d.number = call('HINCRBY', TOTALS, 'q', 1)
      write(d)
      grow(d.lane, 1)
      if wait(d) then changed[d.lane] = true end
    end
  end
  if stored == 0 then return 0 end
  waiting = waiting + stored
  if not known then
    messages = messages + 1
    octets = octets + tonumber(ARGV[at + 2])
  end
  if ARGV[at + 4] ~= '' then events.add(M, 'e', ARGV[at + 4]) end
  return 1
end)

add(TOTALS, 'm', messages)
add(TOTALS, 'o', octets)
add(TOTALS, 'w', waiting)
for L in pairs(changed) do refresh(L) end
return answers
