#!lua flags=allow-oom
-- uses: keys records rules labels lanes ruling events
-- Purpose:   stores a rule. It is in force, or will be carried out on what is queued now.
-- Arguments: R; its record; action; scope; value; pool, or ""; what a bounce says; its end, or 0; most rules; its event as JSON, or "", and the
--            message it is about, or "".
-- Result:    "added"; "known": it is here already, nothing was changed; "many": there are as many as there may be.
-- Invariant: a rule that stands is found by what it is about in the same step in which it is stored.
-- Cost:      O(log n)
local R, most = ARGV[3], tonumber(ARGV[11])
end_overdue()
if call('EXISTS', rule_key(R)) == 1 then return 'known' end
if call('ZCARD', LISTED) - call('ZCARD', DONE) >= most then return 'many' end
call('HSET', rule_key(R), 'rec', ARGV[4], 'a', ARGV[5], 'c', ARGV[6], 'v', ARGV[7], 'p', ARGV[8], 'b', ARGV[9], 't', number(TOTALS, 'q'), 'd', 0, 'y', 0)
call('ZADD', LISTED, behind_last(LISTED), R)
local rule, ends = rule_of(R), tonumber(ARGV[10])
if rule.stands then enforce(rule) end
if ends > 0 then
  call('HSET', rule_key(R), 'u', ARGV[10])
  call('ZADD', ENDS, ends, R)
  call('PUBLISH', WAKE, ARGV[10])
end
if not rule.stops then
  if rule.stands then tally('k', 1) end
  begin_work(rule, 'walk')
end
if ARGV[12] ~= '' then events.add(ARGV[13], 'e', ARGV[12]) end
return 'added'
