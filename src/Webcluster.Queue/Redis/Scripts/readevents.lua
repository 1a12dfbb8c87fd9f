-- uses: keys events
-- Purpose:   shows the events behind one.
-- Arguments: the id of that one, or "" for the oldest; most.
-- Result:    {how many there ever were, how many are kept, {for each: its id, and its fields}}
-- Cost:      O(events)
local added, kept = events.counts()
local from = ARGV[3] == '' and '-' or '(' .. ARGV[3]
return { added, kept, call('XRANGE', events.KEY, from, '+', 'COUNT', ARGV[4]) }
