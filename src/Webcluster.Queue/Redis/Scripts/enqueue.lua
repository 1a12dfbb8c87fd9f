-- uses: keys records rules labels lanes events
-- Purpose:   stores a message with its deliveries of this shard, or nothing.
-- Arguments: M; its record; octets of its content; "new", or "move" where deliveries come from another shard; its event as JSON, or "";
--            then for each delivery: ordinal, when it is due (in the past: now), attempts, flags, L, F, recipients.
-- Result:    1 stored; 0 the message (moving: each of the deliveries) is here already, or was a moment ago, and nothing was changed.
-- Invariant: a message's record is here for exactly as long as one of its ordinals is, and empty for a minute after. Asked twice, it stores
--            once.
-- Cost:      O(deliveries * log n)
local M, record, octets, moving = ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6] == 'move'
if not moving and call('EXISTS', message_key(M)) == 1 then return 0 end
local known = moving and call('STRLEN', message_key(M)) > 0

-- Before its deliveries: a rule may ask for its tags.
if not known then call('SET', message_key(M), record) end
local stored, changed = 0, {}
for i = 8, #ARGV, 7 do
  local d = {
    D = M .. struct.pack('>I2', tonumber(ARGV[i])), due = math.max(tonumber(ARGV[i + 1]), moving and 0 or now), attempts = tonumber(ARGV[i + 2]), flags = tonumber(ARGV[i + 3]),
    lane = ARGV[i + 4], flow = ARGV[i + 5], recipients = ARGV[i + 6], holder = NOBODY,
  }
  if call('SADD', ordinals_key(M), ARGV[i]) == 1 then
    stored = stored + 1
    d.number = call('HINCRBY', TOTALS, 'q', 1)
    write(d)
    grow(d.lane, 1)
    if wait(d) then changed[d.lane] = true end
  end
end
if stored == 0 then return 0 end
if not known then
  add(TOTALS, 'm', 1)
  add(TOTALS, 'o', octets)
end
add(TOTALS, 'w', stored)
if ARGV[7] ~= '' then events.add(M, 'e', ARGV[7]) end
for L in pairs(changed) do refresh(L) end
return 1
