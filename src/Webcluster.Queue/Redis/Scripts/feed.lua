#!lua flags=allow-oom
-- uses: keys
-- Purpose:   holds, changes, leaves, asks or shows a feed: how far somebody is who passes events on.
-- Arguments: name; "hold", node, lease in microseconds | "save", node, lease, state, wishes that are done with | "leave", node |
--            "wish", text, most | "show".
-- Result:    hold: {} where another node has it; else, as show: {state, holder or "", wishes...}. save: 1, or 0 where another node has it.
--            leave: 1. wish: 1, or 0 where as many wait.
-- Invariant: one node holds a feed at a time, and only the holder changes its state.
-- Cost:      O(wishes)
local FEED = P .. ':feed:' .. ARGV[3]    -- hash: n holder, u until, s state
local WISHES = P .. ':wishes:' .. ARGV[3] -- list: what is asked of the holder

local function holder()
  local n, u = unpack(call('HMGET', FEED, 'n', 'u'))
  return n and tonumber(u) > now and n or ''
end

local function hold(node, lease)
  local present = holder()
  if present ~= '' and present ~= node then return false end
  call('HSET', FEED, 'n', node, 'u', string.format('%.0f', now + tonumber(lease)))
  return true
end

local function show()
  return { call('HGET', FEED, 's') or '', holder(), unpack(call('LRANGE', WISHES, 0, 99)) }
end

local asked = {
  hold = function(node, lease) return hold(node, lease) and show() or {} end,
  save = function(node, lease, state, done)
    if not hold(node, lease) then return 0 end
    call('HSET', FEED, 's', state)
    if tonumber(done) > 0 then call('LTRIM', WISHES, done, -1) end
    return 1
  end,
  leave = function(node)
    if holder() == node then call('HDEL', FEED, 'n', 'u') end
    return 1
  end,
  wish = function(text, most)
    if call('LLEN', WISHES) >= tonumber(most) then return 0 end
    call('RPUSH', WISHES, text)
    return 1
  end,
  show = show,
}
return asked[ARGV[4]](ARGV[5], ARGV[6], ARGV[7], ARGV[8])
