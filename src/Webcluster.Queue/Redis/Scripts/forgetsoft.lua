#!lua flags=allow-oom
-- uses: keys suppression
-- Purpose:   forgets the soft failures of addresses.
-- Arguments: for each address: B, name.
-- Result:    how many were known.
-- Cost:      O(addresses * addresses in their buckets)
local known = 0
for i = 3, #ARGV, 2 do known = known + call('HDEL', soft_key(ARGV[i]), ARGV[i + 1]) end
return known
