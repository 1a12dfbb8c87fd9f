#!lua flags=allow-oom
-- uses: keys
-- Purpose:   reads a part of a message's record.
-- Arguments: M; how many octets to pass over; most octets.
-- Result:    {octets of the whole record, 0 where the message is not here; the part}.
-- Cost:      O(octets of the part)
local key, from = message_key(ARGV[3]), tonumber(ARGV[4])
return { call('STRLEN', key), call('GETRANGE', key, from, from + tonumber(ARGV[5]) - 1) }
