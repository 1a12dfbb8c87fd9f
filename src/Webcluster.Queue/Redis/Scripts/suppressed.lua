#!lua flags=allow-oom
-- uses: keys suppression
-- Purpose:   looks addresses up in the suppression list.
-- Arguments: for each address: B, the name of the tenant's entry, the name of the global one.
-- Result:    for each address: the record of the tenant's entry, the record of the global one; "" for what is not there.
-- Cost:      O(addresses * entries in their buckets)
local reply = {}
for i = 3, #ARGV, 3 do
  local own, everybody = unpack(call('HMGET', bucket_key(ARGV[i]), ARGV[i + 1], ARGV[i + 2]))
  reply[#reply + 1] = lasting(own) or ''
  reply[#reply + 1] = lasting(everybody) or ''
end
return reply
