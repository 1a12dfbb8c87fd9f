#!lua flags=allow-oom
-- uses: keys rules lanes
-- Purpose:   keeps a lane from new sessions for a while; a later call replaces the end.
-- Arguments: L; microseconds from now; 0 ends it.
-- Cost:      O(log n)
local L, pause = ARGV[3], tonumber(ARGV[4])
if pause > 0 then
  grow(L, 0)
  call('ZADD', PAUSED, now + pause, L)
else
  call('ZREM', PAUSED, L)
end
refresh(L)
return 1
