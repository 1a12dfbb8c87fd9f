-- uses: keys events
-- Purpose:   finds the last event until a time.
-- Arguments: the time in milliseconds, or "" for all there are.
-- Result:    {its id, or ""; how many there ever were; 1 where it is the last of all, else 0}
-- Cost:      O(log n)
local added = events.counts()
local found = call('XREVRANGE', events.KEY, ARGV[3] == '' and '+' or ARGV[3], '-', 'COUNT', 1)[1]
local last = call('XREVRANGE', events.KEY, '+', '-', 'COUNT', 1)[1]
return { found and found[1] or '', added, (found and found[1]) == (last and last[1]) and 1 or 0 }
