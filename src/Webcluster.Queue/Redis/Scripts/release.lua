#!lua flags=allow-oom
-- uses: keys records rules labels lanes traffic sessions
-- Purpose:   closes sessions; their slots are free, and what they still hold waits again, untouched.
-- Arguments: sessions.
-- Result:    how many deliveries wait again.
-- Invariant: one that is not known will not be opened any more: the claim that was to open it may be served yet.
-- Cost:      O(held * log n)
local back = 0
for i = 3, #ARGV do
  if call('EXISTS', session_key(ARGV[i])) == 0 then call('SET', past_key(ARGV[i]), '', 'PX', LATEST) end
  back = back + close(ARGV[i], false)
end
return back
