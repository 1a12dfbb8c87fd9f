-- Sessions: who holds what.

local D_OCTETS = 18

-- Idle is a session whose last claim found nothing due. Returns whether that was a change.
local function set_idle(session, L, S, idle)
  if (call('HGET', session_key(session), 'i') == '1') == idle then return false end
  call('HSET', session_key(session), 'i', idle and '1' or '0')
  add(lane_key(L), 'i', idle and 1 or -1)
  add(site_key(S), 'i', idle and 1 or -1)
  return true
end

-- Ends a session; what it holds waits again, due when it was, and is marked where it may have been sent. Returns how many. O(held * log n)
local function close(session, mark)
  local fields = call('HGETALL', session_key(session))
  if #fields == 0 then return 0 end
  local node, L, e = unpack(call('HMGET', session_key(session), 'n', 'l', 'e'))
  local S = site_of(L)
  set_idle(session, L, S, false)
  call('DEL', session_key(session))
  call('SREM', node_key(node), session)
  local held, back = 0, 0
  for i = 1, #fields, 2 do
    if #fields[i] == D_OCTETS then
      local d = read(fields[i])
      held = held + 1
      if d then
        if mark then write_mark(d) end
        write_holder(d.D, NOBODY)
        d.holder = NOBODY
        had_its_turn(d)
        wait(d)
        back = back + 1
      end
    end
  end
  if back < held then grow(L, back - held) end
  add(lane_key(L), 'c', -held)
  add(lane_key(L), 's', -1)
  add(site_key(S), 's', -1)
  add(TOTALS, 'c', -held)
  add(TOTALS, 'w', back)
  add(TOTALS, 's', -1)
  refresh_site(S)
  traffic.disconnect(provider_of(L), e or '')
  let_go(provider_of(L))
  return back
end
