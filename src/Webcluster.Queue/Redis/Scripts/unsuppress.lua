#!lua flags=allow-oom
-- uses: keys suppression
-- Purpose:   removes entries from the suppression list.
-- Arguments: for each entry: B, name.
-- Result:    how many were there.
-- Cost:      O(entries * entries in their buckets)
local removed, shrunk = 0, 0
for i = 3, #ARGV, 2 do
  local key, name = bucket_key(ARGV[i]), ARGV[i + 1]
  if lasting(call('HGET', key, name)) then removed = removed + 1 end
  shrunk = shrunk + call('HDEL', key, name)
end
add(TOTALS, 'y', -shrunk)
return removed
