#!lua flags=allow-oom
-- uses: keys records rules labels lanes ruling
-- Purpose:   takes a rule away: out of force, or stopped where it is, or forgotten.
-- Arguments: R.
-- Result:    its record; nil where it is not here.
-- Cost:      O(log n), and what goes on at once: at most RULE_STEP deliveries or lanes.
end_overdue()
if not call('ZSCORE', LISTED, ARGV[3]) then return false end
local rule = rule_of(ARGV[3])
end_rule(rule, false)
return rule.rec
