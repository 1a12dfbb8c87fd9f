#!lua flags=allow-oom
-- uses: keys records rules labels lanes traffic sessions
-- Purpose:   closes sessions; their slots are free, and what they still hold waits again, untouched.
-- Arguments: sessions.
-- Result:    how many deliveries wait again. Sessions that are not known are passed over.
-- Cost:      O(held * log n)
local back = 0
for i = 3, #ARGV do back = back + close(ARGV[i], false) end
return back
