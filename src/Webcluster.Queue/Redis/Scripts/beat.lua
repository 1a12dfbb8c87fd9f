#!lua flags=allow-oom
-- uses: keys
-- Purpose:   says that a node lives, and raises the epoch.
-- Arguments: node; the expiry in microseconds.
-- Result:    the nodes that are overdue.
-- Invariant: a silence of all nodes, or a clock that was set, makes nobody overdue: then the store was away, and everyone gets a full
--            expiry from now.
-- Cost:      O(nodes)
local node, expiry = ARGV[3], tonumber(ARGV[4])
local time = string.format('%.0f', now)
local last = tonumber(call('HGET', TOTALS, 'b') or now)
local excused
if now - last > expiry then
  excused = call('ZRANGE', NODES, 0, -1)
else
  excused = call('ZRANGEBYSCORE', NODES, '(' .. time, '+inf')
end
for _, other in ipairs(excused) do call('ZADD', NODES, time, other) end
call('HSET', TOTALS, 'b', time)
call('ZADD', NODES, time, node)
call('INCR', EPOCH)
return call('ZRANGEBYSCORE', NODES, '-inf', '(' .. string.format('%.0f', now - expiry))
