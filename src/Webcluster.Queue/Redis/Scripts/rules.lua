#!lua flags=allow-oom
-- uses: keys records rules labels lanes ruling
-- Purpose:   lists the rules, and what lanes' stoppers hold, some lanes a call.
-- Arguments: how many lanes to pass over; most lanes.
-- Result:    {1 where lanes are left; number of rules; for each rule, in the order in which they were added: R, record, set aside, done,
--            under way, 1 where it is at work; then for each rule that stops some of these lanes: R, deliveries that wait in them}.
-- Cost:      O(rules + lanes); the lanes are not looked at while no rule stops any.
local skip, most = tonumber(ARGV[3]), tonumber(ARGV[4])
end_overdue()
local listed = call('ZRANGE', LISTED, 0, -1)
local reply = { 0, #listed }
for _, R in ipairs(listed) do
  local rule = rule_of(R)
  for _, value in ipairs({ R, rule.rec, call('ZCARD', aside_key(R)), tonumber(rule.d), tonumber(rule.y), rule.w and 1 or 0 }) do
    reply[#reply + 1] = value
  end
end
if not ruled().s then return reply end

local lanes, stopped = call('ZRANGE', SIZES, skip, skip + most - 1, 'WITHSCORES'), {}
for i = 1, #lanes, 2 do
  local R = stopper(lanes[i])
  if R then
    local lane = lane_key(lanes[i])
    stopped[R] = (stopped[R] or 0) + lanes[i + 1] - number(lane, 'c') - number(lane, 'h')
  end
end
for R, waiting in pairs(stopped) do
  reply[#reply + 1] = R
  reply[#reply + 1] = waiting
end
if #lanes == 2 * most then reply[1] = 1 end
return reply
