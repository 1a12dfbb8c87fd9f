-- uses: keys
-- Purpose:   names the sessions that a node has open here, some a call.
-- Arguments: node; where to go on ("0": from the beginning); how many, about.
-- Result:    {where to go on ("0": that was all), sessions}. Those that are open all the time are named in one such round at least once.
-- Cost:      O(named)
return call('SSCAN', node_key(ARGV[3]), ARGV[4], 'COUNT', ARGV[5])
