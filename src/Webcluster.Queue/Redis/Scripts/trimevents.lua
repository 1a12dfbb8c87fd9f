#!lua flags=allow-oom
-- uses: keys events
-- Purpose:   lets go of the oldest events.
-- Arguments: most that are kept; how long, in microseconds; most to let go of now.
-- Result:    {how many went, how many are left}.
-- Cost:      O(events that went)
return { events.trim(tonumber(ARGV[3]), now - tonumber(ARGV[4]), tonumber(ARGV[5])), call('XLEN', events.KEY) }
