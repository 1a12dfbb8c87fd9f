#!lua flags=allow-oom
-- uses: keys traffic
-- Purpose:   puts a source at a provider on a step of its warm-up, by an operator's word.
-- Arguments: p; source; plan; step (0: it is warm).
-- Result:    the UTC day since 1970 that counts, and what is used of it.
-- Invariant: what the plan has used of the day stays used.
-- Cost:      O(log n)
local p, e, plan, step = ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local key = source_key(p, e)
local state = traffic.fields_of(key)
local today, last = math.floor(now / traffic.DAY), tonumber(state.hd or 0)
local used = state.hp == plan and last >= today and state.hu or '0'
local day = traffic.whole(math.max(today, last))
call('HSET', key, 'hp', plan, 'hs', step, 'hd', day, 'hu', used, 'hr', 0)
call('SADD', sources_key(p), e)
if step == '0' then call('ZREM', WARMING, p .. e) else traffic.list_warming(p, e) end
if tonumber(state.c or 0) == 0 then
  call('PEXPIRE', key, traffic.KEPT_LEARNED)
  call('PEXPIRE', sources_key(p), traffic.KEPT_LEARNED)
end
-- Whoever waited for the budget is let go now.
if call('EXISTS', waiting_key(p)) == 1 then
  call('ZADD', GIVES, now, p)
  call('PUBLISH', WAKE, traffic.whole(now))
end
return { day, used }
