#!lua flags=allow-oom
-- uses: keys records rules labels lanes ruling
-- Purpose:   shows the deliveries of a message on this shard.
-- Arguments: M; most deliveries; octets of the message's record to show.
-- Result:    {the beginning of the message's record, then for each delivery: D, its record, why it waits: "" (it does not, or can be
--            claimed), "due", "paused", "slow", "connections", "suspended", "held", "rate", "budget", "sources", and the rule it waits for: R and
--            its record (or "")}; empty where the message is not here.
-- Cost:      O(deliveries)
end_overdue()
local M = ARGV[3]

local function why(d)
  if not d or is_claimed(d) then return '', nil end
  if is_aside(d) then
    return call('HGET', rule_key(d.holder), 'a') == SUSPEND and 'suspended' or 'held', d.holder
  end
  local R = stopper(d.lane)
  if R then return 'suspended', R end
  if d.due > now then return 'due', nil end
  if pause_end(d.lane) then return 'paused', nil end
  local sessions, w, k, waits = unpack(call('HMGET', lane_key(d.lane), 's', 'w', 'k', 'b'))
  if window.is_full(sessions, w) then return 'slow', nil end
  return not has_room(site_of(d.lane), k) and 'connections' or waits or '', nil
end

local reply = { call('GETRANGE', message_key(M), 0, tonumber(ARGV[5]) - 1) }
if reply[1] == '' then return {} end
for i, ordinal in ipairs(ordinals.of(M)) do
  if i > tonumber(ARGV[4]) then break end
  local D = M .. struct.pack('>I2', tonumber(ordinal))
  local record = call('GET', delivery_key(D))
  if record then
    reply[#reply + 1] = D
    reply[#reply + 1] = record
    local reason, R = why(parse(D, record))
    reply[#reply + 1] = reason
    reply[#reply + 1] = shown(R)
  end
end
return reply
