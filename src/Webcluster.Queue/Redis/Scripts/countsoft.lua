-- uses: keys suppression
-- Purpose:   counts messages that failed for an address in a way that may pass.
-- Arguments: failures that are kept of an address; for so many seconds; for each failure: B, name of the address, the message's mark, 4 octets.
-- Result:    for each: how many failures of the address there are now.
-- Invariant: a message counts once; a bucket has at most SOFT_ADDRESSES, and goes by itself when the last failure in it is too old.
-- Cost:      O(failures * addresses in a bucket)
local most, within = tonumber(ARGV[3]), tonumber(ARGV[4])

-- A damaged record is the first to go.
local function last_of(record) return #record < 8 and 0 or (struct.unpack('>I4', record, #record - 7)) end

-- Those that failed longest ago give way.
local function make_room(key)
  if call('HLEN', key) <= SOFT_ADDRESSES then return end
  local entries, oldest, last = call('HGETALL', key), nil, math.huge
  for i = 1, #entries, 2 do
    if last_of(entries[i + 1]) < last then oldest, last = entries[i], last_of(entries[i + 1]) end
  end
  call('HDEL', key, oldest)
end

local reply = {}
for i = 5, #ARGV, 3 do
  local key, name, mark = soft_key(ARGV[i]), ARGV[i + 1], ARGV[i + 2]
  local old, kept, known = call('HGET', key, name) or '', {}, false
  for at = 1, #old - 7, 8 do
    if struct.unpack('>I4', old, at) + within > seconds then
      kept[#kept + 1] = string.sub(old, at, at + 7)
      known = known or string.sub(old, at + 4, at + 7) == mark
    end
  end
  if not known then kept[#kept + 1] = struct.pack('>I4', seconds) .. mark end
  while #kept > most do table.remove(kept, 1) end
  if not known then
    call('HSET', key, name, table.concat(kept))
    make_room(key)
    call('PEXPIRE', key, within * 1000)
  end
  reply[#reply + 1] = #kept
end
return reply
