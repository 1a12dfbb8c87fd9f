#!lua flags=allow-oom
-- uses: keys
-- Purpose:   forgets a node that stops.
-- Arguments: node.
-- Result:    1; 0 where it has sessions, or was not known.
-- Invariant: a node with sessions stays among the nodes, so that another one reaps it.
-- Cost:      O(log nodes)
if call('EXISTS', node_key(ARGV[3])) == 1 then return 0 end
return call('ZREM', NODES, ARGV[3])
