#!lua flags=allow-oom
-- uses: keys rules lanes
-- Purpose:   takes in that a connection of a lane came to nothing through its site: it may have one session fewer than it has.
-- Arguments: L.
-- Result:    {how many it may have, at least 1; how many times in a row all it had failed, 0 where some may be well}
-- Invariant: failures while the lane is paused, and within seconds of the last of all, are part of the same.
-- Cost:      O(log n)
local L = ARGV[3]
catch_up()
local sessions, w, outages, died = unpack(call('HMGET', lane_key(L), 's', 'w', 'o', 'od'))
if pause_end(L) or died and now - tonumber(died) < window.TOGETHER then return { 1, 0 } end
local open = math.max(1, tonumber(sessions or 0))
local width = math.min(tonumber(w) or open, open) - 1
grow(L, 0)
call('HSET', lane_key(L), 'w', math.max(1, width))
outages = width > 0 and 0 or tonumber(outages or 0) + 1
if outages > 0 then call('HSET', lane_key(L), 'o', outages, 'od', string.format('%.0f', now)) end
refresh(L)
return { math.max(1, width), outages }
