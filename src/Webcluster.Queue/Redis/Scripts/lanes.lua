#!lua flags=allow-oom
-- uses: keys records rules labels lanes ruling
-- Purpose:   shows the lanes with the most deliveries, or those of one site.
-- Arguments: most lanes; S, or nothing.
-- Result:    for each: L, ready, scheduled, claimed, sessions, when the next scheduled one is due (or ""), why nothing can be claimed: ""
--            (something can), "due", "paused", "slow", "connections", "suspended", "held", "rate", "budget", "sources"; set aside; the rule that
--            stops it: R and its record (or ""); sessions that it may have after trouble of its site (0: as many as the limits allow).
-- Cost:      O(lanes * their flows * log n); ends pauses and rules on the way. Of a lane with more than FLOWS flows due or
--            scheduled only so many are looked at; once that was done with ALL of them, only LEAST of each lane.
local FLOWS, LEAST, ALL = 1000, 10, 20000
local looked = 0
catch_up()
ask_providers()
end_overdue()

local function status(L, size)
  local ready, nearest = 0, nil
  local function look(flows)
    looked = looked + #flows
    for _, F in ipairs(flows) do
      ready = ready + call('ZCOUNT', flow_key(L, F), '-inf', now)
      local after = '(' .. string.format('%.0f', now)
      local due = tonumber(call('ZRANGEBYSCORE', flow_key(L, F), after, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2])
      if due and (not nearest or due < nearest) then nearest = due end
    end
  end
  local last = math.max(LEAST, math.min(FLOWS, ALL - looked)) - 1
  look(call('ZRANGE', due_key(L), 0, last))
  look(call('ZRANGE', asleep_key(L), 0, last))
  local claimed, held = number(lane_key(L), 'c'), number(lane_key(L), 'h')
  local sessions, w, k, waits = unpack(call('HMGET', lane_key(L), 's', 'w', 'k', 'b'))
  local R = stopper(L)
  local why = ''
  if R then why = 'suspended'
  elseif ready == 0 then why = held > 0 and 'held' or 'due'
  elseif pause_end(L) then why = 'paused'
  elseif window.is_full(sessions, w) then why = 'slow'
  else why = not has_room(site_of(L), k) and 'connections' or waits or '' end
  return ready, size - claimed - held - ready, claimed, tonumber(sessions or 0), nearest and string.format('%.0f', nearest) or '', why, held, shown(R),
    w or 0
end

local function of_site(S, most)
  local lanes = {}
  local from, to = range_of(S)
  for _, L in ipairs(call('ZRANGEBYLEX', SITES, from, to, 'LIMIT', 0, most)) do
    lanes[#lanes + 1] = L
    lanes[#lanes + 1] = call('ZSCORE', SIZES, L) or 0
  end
  return lanes
end

local reply = {}
local most = tonumber(ARGV[3])
local lanes = ARGV[4] and of_site(ARGV[4], most) or call('ZREVRANGE', SIZES, 0, most - 1, 'WITHSCORES')
for i = 1, #lanes, 2 do
  reply[#reply + 1] = lanes[i]
  for _, value in ipairs({ status(lanes[i], tonumber(lanes[i + 1])) }) do reply[#reply + 1] = value end
end
return reply
