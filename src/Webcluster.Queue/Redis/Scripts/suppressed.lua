#!lua flags=allow-oom
-- uses: keys suppression
-- Purpose:   looks addresses up in the suppression list.
-- Arguments: for each request, for each address: B, the name of the tenant's entry, the name of the global one.
-- Result:    for each request, for each address: the record of the tenant's entry, the record of the global one; "" for what is not there.
-- Cost:      O(addresses * entries in their buckets)
local STRIDE = 3
return for_each_request(function(at, last)
  local found = {}
  for i = at, last, STRIDE do
    local own, everybody = unpack(call('HMGET', bucket_key(ARGV[i]), ARGV[i + 1], ARGV[i + 2]))
    found[#found + 1] = lasting(own) or ''
    found[#found + 1] = lasting(everybody) or ''
  end
  return found
end)
