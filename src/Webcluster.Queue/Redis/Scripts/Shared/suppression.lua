-- Entries of the suppression list: in a bucket, the name (of the tenant, a zero octet, of the address) -> its record. The tenant's entry of an address
-- and the global one, whose tenant is "", are in the same bucket. A record begins with the reason, 1 octet, and the times, in seconds, when it was added
-- and when it expires (0: never), 4 octets each. B, a bucket, is its number, 2 octets.
local SWEEP = P .. ':sweep'                             -- hash: b bucket that the sweep goes on with, t when it did its last step
local function bucket_key(B) return P .. ':b:' .. B end -- hash: the bucket's entries
local function soft_key(B) return P .. ':k:' .. B end   -- hash: names of addresses that fail in a way that may pass -> their failures, oldest first,
                                                        -- each its time, in seconds, and the message's mark, 4 octets each
local SOFT_ADDRESSES = 16                               -- in a bucket: a million in all

local MANUAL = 4
local seconds = math.floor(now / 1000000)

-- A damaged record has no end.
local function end_of(record)
  if #record < 9 then return math.huge end
  local ends = struct.unpack('>I4', record, 6)
  return ends == 0 and math.huge or ends
end

-- Read or written, an entry that has expired is none.
local function lasting(record)
  return record and end_of(record) > seconds and record or nil
end

local function replaces(newer, older)
  return string.byte(newer) == MANUAL or end_of(newer) >= end_of(older)
end
