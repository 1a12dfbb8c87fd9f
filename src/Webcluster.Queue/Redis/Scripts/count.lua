#!lua flags=allow-oom
-- uses: keys records rules labels lanes ruling
-- Purpose:   counts what is queued, some lanes with due mail a call.
-- Arguments: how many lanes to pass over; most lanes.
-- Result:    {messages, octets of content, waiting, claimed, sessions, lanes, ready in these lanes, the oldest of these (or ""), how many
--            lanes to pass over in the next call (0: none are left), set aside}.
-- Cost:      O(log n) for what is passed over; O(flows * log n) for the lanes: none is begun once FLOWS flows have been counted, and no
--            more than FLOWS of one lane are, asleep or awake. Ends pauses and rules on the way.
local FLOWS = 1000
local skip, most = tonumber(ARGV[3]), tonumber(ARGV[4])
catch_up()
end_overdue()
local ready, oldest, counted = 0, nil, 0

local function count(flows, L)
  for _, F in ipairs(flows) do ready = ready + call('ZCOUNT', flow_key(L, F), '-inf', now) end
  counted = counted + #flows
end

-- The lanes with something due are the first of each set.
local passed, before = 0, 0
for _, set in ipairs({ LANES, BLOCKED }) do
  local from, due = skip + passed - before, call('ZCOUNT', set, '-inf', now)
  local last = math.min(due, from + most - passed) - 1
  local lanes = counted < FLOWS and from <= last and call('ZRANGE', set, from, last, 'WITHSCORES') or {}
  for i = 1, #lanes, 2 do
    if counted >= FLOWS then break end
    count(call('ZRANGE', due_key(lanes[i]), 0, FLOWS - 1), lanes[i])
    count(call('ZRANGEBYSCORE', asleep_key(lanes[i]), '-inf', now, 'LIMIT', 0, FLOWS), lanes[i])
    local since = tonumber(lanes[i + 1])
    if not oldest or since < oldest then oldest = since end
    passed = passed + 1
  end
  before = before + due
end
local totals = call('HMGET', TOTALS, 'm', 'o', 'w', 'c', 's')
for i = 1, 5 do totals[i] = tonumber(totals[i] or 0) end
totals[6] = call('ZCARD', SIZES)
totals[7] = ready
totals[8] = oldest and string.format('%.0f', oldest) or ''
totals[9] = skip + passed < before and skip + passed or 0
totals[10] = number(TOTALS, 'h')
return totals
