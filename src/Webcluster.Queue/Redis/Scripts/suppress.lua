-- uses: keys suppression
-- Purpose:   adds entries to the suppression list.
-- Arguments: for each entry: B, name, record.
-- Result:    {added, changed}.
-- Invariant: an entry gives way only to one that lasts as long, or that was put there by hand; the total counts what is stored.
-- Cost:      O(entries * entries in their buckets)
local added, changed, grown = 0, 0, 0
for i = 3, #ARGV, 3 do
  local key, name, new = bucket_key(ARGV[i]), ARGV[i + 1], ARGV[i + 2]
  local stored = call('HGET', key, name)
  local old = lasting(stored)
  if not old then
    added = added + 1
    grown = grown + call('HSET', key, name, new)
  elseif old ~= new and replaces(new, old) then
    changed = changed + 1
    call('HSET', key, name, new)
  end
end
add(TOTALS, 'y', grown)
return { added, changed }
