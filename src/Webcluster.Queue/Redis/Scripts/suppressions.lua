#!lua flags=allow-oom
-- uses: keys suppression
-- Purpose:   lists the suppression list, some buckets a call.
-- Arguments: number of the first bucket; number behind the last; so many entries are enough; so many buckets are.
-- Result:    the number of the bucket to go on with; then for each entry: number of its bucket, name, record.
-- Cost:      O(buckets + entries)
local bucket, behind, enough, most = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local reply, found = { 0 }, 0
behind = math.min(behind, bucket + most)
while bucket < behind and found < enough do
  local entries = call('HGETALL', bucket_key(struct.pack('>I2', bucket)))
  for i = 1, #entries, 2 do
    if lasting(entries[i + 1]) then
      found = found + 1
      reply[#reply + 1] = bucket
      reply[#reply + 1] = entries[i]
      reply[#reply + 1] = entries[i + 1]
    end
  end
  bucket = bucket + 1
end
reply[1] = bucket
return reply
