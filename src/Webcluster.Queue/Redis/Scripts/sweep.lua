#!lua flags=allow-oom
-- uses: keys suppression
-- Purpose:   removes suppressions that have expired from the next buckets of the shard; all nodes together take one step an interval.
-- Arguments: number of the shard's first bucket; number behind its last; the interval in microseconds; so many entries are enough; so many
--            buckets are.
-- Result:    {removed, entries that the shard has now}.
-- Invariant: every bucket has its turn, the first again after the last.
-- Cost:      O(buckets + entries)
local first, behind, interval, enough, most = unpack(ARGV, 3)
first, behind, most = tonumber(first), tonumber(behind), tonumber(most)
local last, bucket = number(SWEEP, 't'), tonumber(call('HGET', SWEEP, 'b') or first)
if now >= last and now - last < tonumber(interval) then return { 0, number(TOTALS, 'y') } end

local removed, seen, steps = 0, 0, 0
while steps < most and seen < tonumber(enough) do
  local key = bucket_key(struct.pack('>I2', bucket))
  local entries = call('HGETALL', key)
  for i = 1, #entries, 2 do
    if not lasting(entries[i + 1]) then removed = removed + call('HDEL', key, entries[i]) end
  end
  seen, steps, bucket = seen + #entries / 2, steps + 1, bucket + 1
  if bucket >= behind then bucket = first end
end
call('HSET', SWEEP, 'b', bucket, 't', string.format('%.0f', now))
add(TOTALS, 'y', -removed)
return { removed, number(TOTALS, 'y') }
