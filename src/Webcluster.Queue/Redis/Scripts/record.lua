#!lua flags=allow-oom
-- uses: keys
-- Purpose:   reads a part of a record, of a message or of a delivery.
-- Arguments: M or D; how many octets to pass over; most octets.
-- Result:    {octets of the whole record, 0 where it is not here; the part}.
-- Cost:      O(octets of the part)
local id, from = ARGV[3], tonumber(ARGV[4])
local key = #id == 16 and message_key(id) or delivery_key(id)
return { call('STRLEN', key), call('GETRANGE', key, from, from + tonumber(ARGV[5]) - 1) }
