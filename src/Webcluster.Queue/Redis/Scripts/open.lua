#!lua flags=allow-oom
-- uses: keys
-- Purpose:   says how many shards the store was made for and how it is laid out, and settles both where it is new. One of
--            an older layout that can be gone on with has the present one from now on.
-- Arguments: number of shards; number of the layout; that of the oldest that can be gone on with.
-- Result:    {shards, layout} as the store has them.
-- Cost:      O(1)
local key = P .. ':store'
call('HSETNX', key, 'shards', ARGV[3])
call('HSETNX', key, 'layout', ARGV[4])
local layout = tonumber(call('HGET', key, 'layout')) or 0
if layout >= tonumber(ARGV[5]) and layout < tonumber(ARGV[4]) then call('HSET', key, 'layout', ARGV[4]) end
return call('HMGET', key, 'shards', 'layout')
