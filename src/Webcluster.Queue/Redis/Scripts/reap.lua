#!lua flags=allow-oom
-- uses: keys records rules labels lanes traffic sessions
-- Purpose:   gives back what a node held, some sessions a call: it waits again, due when it was, and is marked as possibly sent.
-- Arguments: node; most sessions; the expiry in microseconds.
-- Result:    {deliveries given back, sessions left}. To be called until none is left; the node is forgotten then.
-- Invariant: until then the node stays among the nodes, so that another goes on where this caller dies. One that is not overdue, because
--            it beats again, keeps what it has: nothing is given back or left.
-- Cost:      O(held by those sessions * log n)
local node = ARGV[3]
local beat = call('ZSCORE', NODES, node)
if beat and now - tonumber(beat) <= tonumber(ARGV[5]) then return { 0, 0 } end
local back = 0
for _, session in ipairs(call('SRANDMEMBER', node_key(node), tonumber(ARGV[4]))) do
  call('SREM', node_key(node), session)
  back = back + close(session, true)
end
local left = call('SCARD', node_key(node))
if left == 0 then call('ZREM', NODES, node) end
return { back, left }
