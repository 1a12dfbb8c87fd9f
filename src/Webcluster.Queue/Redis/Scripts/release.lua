#!lua flags=allow-oom
-- uses: keys records rules labels lanes traffic sessions
-- Purpose:   closes sessions; their slots are free, and what they still hold waits again.
-- Arguments: 1 where that may have been sent, and is marked so; 0: it is untouched; sessions.
-- Result:    {how many of them were open, how many deliveries wait again}.
-- Invariant: one that is not known will not be opened any more: the claim that was to open it may be served yet.
-- Cost:      O(held * log n)
local open, back = 0, 0
for i = 4, #ARGV do
  if call('EXISTS', session_key(ARGV[i])) == 1 then
    open = open + 1
  else
    call('SET', past_key(ARGV[i]), '', 'PX', LATEST)
  end
  back = back + close(ARGV[i], ARGV[3] == '1')
end
return { open, back }
