#!lua flags=allow-oom
-- uses: keys
-- Purpose:   says how many shards the store was made for and how it is laid out, and settles both where it is new.
-- Arguments: number of shards; number of the layout.
-- Result:    {shards, layout} as the store has them.
-- Cost:      O(1)
local key = P .. ':store'
call('HSETNX', key, 'shards', ARGV[3])
call('HSETNX', key, 'layout', ARGV[4])
return call('HMGET', key, 'shards', 'layout')
