-- uses: keys events
-- Purpose:   shows the events of a message, the last first.
-- Arguments: M; most.
-- Result:    for each: its id, and its fields.
-- Cost:      O(events)
return events.of_message(ARGV[3], tonumber(ARGV[4]))
