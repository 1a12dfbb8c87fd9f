#!lua flags=allow-oom
-- uses: keys records rules labels lanes events
-- Purpose:   makes outcomes of sessions final, in their order, all of one call together.
-- Arguments: for each request: session; a token of it; 1 where it may have been run before, else 0; then for each outcome: kind, D, number,
--            text, events. Kinds: sent; done (not sent); attempted (due in number microseconds, text: recipients left; counts) and deferred
--            (does not count); returned; moved (text: L); postponed (due in number microseconds, else untouched).
-- Result:    for each request: a digit for each outcome: 0 settled, 1 settled late, 2 duplicate, 3 refused.
-- Invariant: only the holder changes a delivery, with one exception: a late "sent" takes away what waits, or marks what another session
--            holds. Its events are added where an outcome counts. Content goes with the message's last delivery here. Run again with the
--            same token, it changes nothing and answers the same while the session is open; afterwards "sent" and "done" of what is gone
--            is answered as settled.
-- Cost:      O(outcomes * log n)
local SETTLED, LATE, DUPLICATE, REFUSED = '0', '1', '2', '3'
local STRIDE = 5
local claimed, sizes, changed, happened = {}, {}, {}, {}
local waiting, messages, octets = 0, 0, 0

local function count(by_lane, L, by)
  by_lane[L] = (by_lane[L] or 0) + by
end

-- Who may claim of a lane is not changed by what its sessions are done with.
local function finish(d)
  local gone, of = remove(d)
  count(sizes, d.lane, -1)
  messages, octets = messages - gone, octets - of
end

local function wait_again(d)
  d.holder = NOBODY
  write(d)
  had_its_turn(d)
  if wait(d) then changed[d.lane] = true end
  waiting = waiting + 1
end

local function defer(d, after, recipients, attempts)
  d.due = now + after
  d.attempts = d.attempts + attempts
  d.recipients = recipients or d.recipients
  wait_again(d)
end

local outcomes = {
  sent = finish,
  done = finish,
  attempted = function(d, after, recipients) defer(d, after, recipients, 1) end,
  deferred = function(d, after, recipients) defer(d, after, recipients, 0) end,
  postponed = function(d, after) defer(d, after, nil, 0) end,
  returned = wait_again,
  moved = function(d, _, L)
    count(sizes, d.lane, -1)
    count(sizes, L, 1)
    d.lane = L
    wait_again(d)
  end,
}

-- What came of an outcome, and whether that was now.
local function settle(session, again, handled, i)
  local kind, D, after, text = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), ARGV[i + 3]
  if handled[D] then return REFUSED end
  local d = read(D)
  if not d then return again and (kind == 'sent' or kind == 'done') and SETTLED or REFUSED end
  if d.holder == session then
    handled[D] = true
    call('HDEL', session_key(session), D)
    count(claimed, d.lane, -1)
    outcomes[kind](d, after, text)
    return SETTLED, true
  end
  if kind ~= 'sent' then return REFUSED end
  if is_claimed(d) then
    write_mark(d)
    return DUPLICATE, true
  end
  handled[D] = true
  changed[d.lane] = true
  withdraw(d)
  finish(d)
  waiting = waiting - 1
  return LATE, true
end

local answers = for_each_request(function(at, last)
  local session, token, again = ARGV[at], ARGV[at + 1], ARGV[at + 2] == '1'
  -- The second try of a call can be served before its first.
  local is_open, before = unpack(call('HMGET', session_key(session), 'n', 'r'))
  if before and string.sub(before, 1, #token) == token then return string.sub(before, #token + 1) end
  local verdicts, handled = {}, {}
  for i = at + 3, last, STRIDE do
    local verdict, counts = settle(session, again, handled, i)
    verdicts[#verdicts + 1] = verdict
    if counts then
      happened[#happened + 1] = string.sub(ARGV[i + 1], 1, 16)
      happened[#happened + 1] = ARGV[i + 4]
    end
  end
  local answer = table.concat(verdicts)
  if is_open then call('HSET', session_key(session), 'r', token .. answer) end
  return answer
end)

events.add_all(happened)
events.keep()
local all = 0
for L, by in pairs(claimed) do
  add(lane_key(L), 'c', by)
  all = all + by
end
for L, by in pairs(sizes) do grow(L, by) end
add(TOTALS, 'c', all)
add(TOTALS, 'w', waiting)
add(TOTALS, 'm', messages)
add(TOTALS, 'o', octets)
for L in pairs(changed) do refresh(L) end
return answers
