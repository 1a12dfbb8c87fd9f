#!lua flags=allow-oom
-- uses: keys
-- Purpose:   says that a node lives, and raises the epoch.
-- Arguments: node; the expiry in microseconds.
-- Result:    the nodes that are overdue.
-- Invariant: a silence of all nodes, or a clock that was set, makes nobody overdue: then the store was away, and everyone gets a full expiry from now.
-- Cost:      O(nodes)
local node, expiry = ARGV[3], tonumber(ARGV[4])
local time = string.format('%.0f', now)
local last = tonumber(call('ZREVRANGE', NODES, 0, 0, 'WITHSCORES')[2])
local excused = {}
if last and now - last > expiry then
  excused = call('ZRANGE', NODES, 0, -1)
elseif last and last > now then
  excused = call('ZRANGEBYSCORE', NODES, '(' .. time, '+inf')
end
for _, other in ipairs(excused) do call('ZADD', NODES, time, other) end
call('ZADD', NODES, time, node)
call('INCR', EPOCH)
return call('ZRANGEBYSCORE', NODES, '-inf', '(' .. string.format('%.0f', now - expiry))
