-- uses: keys
-- Purpose:   counts one more of what goes by a name.
-- Arguments: the name.
-- Result:    how many there are, this one included.
-- Invariant: the count goes a minute after the first of them.
-- Cost:      O(1)
local key = P .. ':tally:' .. ARGV[3] -- counter
local count = call('INCR', key)
if count == 1 then call('PEXPIRE', key, 60000) end
return count
