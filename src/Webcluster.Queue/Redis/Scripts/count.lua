#!lua flags=allow-oom
-- uses: keys records rules labels lanes ruling
-- Purpose:   counts what is queued, some lanes with due mail a call.
-- Arguments: how many lanes to pass over; most lanes.
-- Result:    {messages, octets of content, waiting, claimed, sessions, lanes, ready in these lanes, the oldest of these (or ""), 1 where
--            lanes are left, set aside}.
-- Cost:      O(lanes * their due flows * log n); ends pauses and rules on the way.
local skip, most = tonumber(ARGV[3]), tonumber(ARGV[4])
catch_up()
end_overdue()
local ready, oldest, left = 0, nil, 0

local function count(flows, L)
  for _, F in ipairs(flows) do ready = ready + call('ZCOUNT', flow_key(L, F), '-inf', now) end
end

for _, set in ipairs({ LANES, BLOCKED }) do
  local lanes = call('ZRANGEBYSCORE', set, '-inf', now, 'WITHSCORES', 'LIMIT', skip, most)
  for i = 1, #lanes, 2 do
    count(call('ZRANGE', due_key(lanes[i]), 0, -1), lanes[i])
    count(call('ZRANGEBYSCORE', asleep_key(lanes[i]), '-inf', now), lanes[i])
    local due = tonumber(lanes[i + 1])
    if not oldest or due < oldest then oldest = due end
  end
  if #lanes == 2 * most then left = 1 end
end
local totals = call('HMGET', TOTALS, 'm', 'o', 'w', 'c', 's')
for i = 1, 5 do totals[i] = tonumber(totals[i] or 0) end
totals[6] = call('ZCARD', SIZES)
totals[7] = ready
totals[8] = oldest and string.format('%.0f', oldest) or ''
totals[9] = left
totals[10] = number(TOTALS, 'h')
return totals
