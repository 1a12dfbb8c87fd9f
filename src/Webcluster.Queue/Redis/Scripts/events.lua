-- uses: keys events
-- Purpose:   adds events that come with no transition.
-- Arguments: for each: M, or "" where it is of no message; the event as JSON.
-- Result:    1
-- Cost:      O(events)
for i = 3, #ARGV, 2 do events.add(ARGV[i], 'e', ARGV[i + 1]) end
return 1
