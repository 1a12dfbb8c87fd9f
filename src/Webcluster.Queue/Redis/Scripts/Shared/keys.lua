-- Every key of a shard, in one place. KEYS[1] is the shard's prefix "wc:{n}": its hash tag puts all of them in one slot.
--
-- p, a provider: its name as a netstring ("6:google"). L, a lane: provider, site ("=" where it has the same name) and pool as netstrings
-- ("6:google..."). S, a site: the first two of them. F, a flow: the digit of the class and the tenant. L and S delimit themselves, so that
-- no name, whatever is in it, makes the key of another. M, a message: 16 octets. D, a delivery: M and its ordinal, 18 octets. Times are
-- microseconds since 1970.
local P = KEYS[1]
local call = redis.call

local TOTALS = P .. ':totals'   -- hash: m messages, o octets of content, w waiting, h set aside by rules, c claimed, s sessions, q the last delivery's number,
                                -- b the last beat of any node, y entries of the suppression list
local SIZES = P .. ':sizes'     -- sorted set: every lane that exists, by its number of deliveries
local SITES = P .. ':sites'     -- sorted set, all scores 0: the same lanes; those of one site stand together, because they begin with it
local LANES = P .. ':lanes'     -- sorted set: lanes that a claim can succeed for, by when their first delivery is due
local BLOCKED = P .. ':blocked' -- sorted set: the other lanes with something waiting, likewise
local PAUSED = P .. ':paused'   -- sorted set: paused lanes, by the end of the pause
local NODES = P .. ':nodes'     -- sorted set: nodes, by their last beat
local EPOCH = P .. ':epoch'     -- counter: raised by every beat, so that a store that went back in time shows it
local GIVES = P .. ':gives'     -- sorted set: providers (p) that lanes wait for, by when the provider may have something to give again; and ('>', p)
                                -- by when another node may be asked for one of them
local WARMING = P .. ':warming' -- sorted set: sources that are being warmed up, as p and the source's name, by when they last began a day or were set
local WAKE = P .. ':wake'       -- channel: when a lane can be claimed that could not before, or could only later

local function message_key(M) return P .. ':m:' .. M end            -- string: envelope and content; written once; empty for a while after
local function ordinals_key(M) return P .. ':o:' .. M end           -- set of small numbers: the ordinals of the message's deliveries here (records.lua)
local function delivery_key(D) return P .. ':d:' .. D end           -- string: the record of a delivery (records.lua)
local function flow_key(L, F) return P .. ':f:' .. L .. F end       -- sorted set: the flow's waiting deliveries (number, D) by when they are due
local function lane_key(L) return P .. ':l:' .. L end               -- hash: v virtual time, c claimed, h set aside, s, i sessions, idle ones,
                                                                    -- b why it waits for its provider; w window, o, od
                                                                    -- outages in a row and the last (lanes.lua); k how many
                                                                    -- sessions its site stands, as its last claim said
local function awake_key(L) return P .. ':a:' .. L end              -- sorted set: flows with something due, by virtual time
local function due_key(L) return P .. ':u:' .. L end                -- sorted set: the same flows, by when their first delivery became due
local function asleep_key(L) return P .. ':z:' .. L end             -- sorted set: flows with nothing due yet, by when their first delivery will be
local function ahead_key(L) return P .. ':v:' .. L end              -- sorted set: flows that are not awake but ahead of the lane, by virtual time
local function site_key(S) return P .. ':c:' .. S end               -- hash: s sessions, i idle sessions, k the least that a lane says it stands
local function session_key(s) return P .. ':s:' .. s end            -- hash: n node, l lane, e source, g granted, i idle, r last settling; D for each held
local function provider_key(p) return P .. ':p:' .. p end           -- hash: c connections, and buckets (traffic.lua)
local function source_key(p, e) return P .. ':e:' .. p .. e end     -- hash: what is known of source e at the provider (traffic.lua)
local function turns_key(p, pool) return P .. ':t:' .. p .. pool end -- hash: how far the pool's sources are at the provider (turns.lua)
local function sources_key(p) return P .. ':x:' .. p end            -- set: the names of these sources
local function waiting_key(p) return P .. ':w:' .. p end            -- sorted set: lanes that wait for the provider, by when their first delivery was due
local function elsewhere_key(p) return P .. ':y:' .. p end          -- sorted set: those of them that other nodes' sources may send, by when they were refused
local function node_key(n) return P .. ':n:' .. n end               -- set: the node's sessions
local function past_key(t) return P .. ':h:' .. t end               -- empty string, for a while: session t was released before it was
                                                                    -- opened, what the move t brings was stored, or a delivery of
                                                                    -- message t moved here before the message was stored here

-- Two arguments stand in front of every script's own: the time (0: the server's), and the connections that a site stands.
local now = tonumber(ARGV[1])
if now == 0 then
  local time = call('TIME')
  now = time[1] * 1000000 + time[2]
end
local CONNECTIONS = tonumber(ARGV[2])

-- How long it is known that a message was here, in milliseconds; longer than an enqueue asks: it begins to ask again for as long as
-- RedisLinkOptions.TimeFor gives at most (20 s), waits for GroupedScript.MostWaitingAgain then (10 s; MostWaiting, 30 s, where it asks
-- a shard for the first time), and is served within what TimeFor gives.
local REMEMBERED = 60000

-- How late a call may still be served, in milliseconds: longer than the network goes on trying for a connection that was given up.
local LATEST = 300000

-- So much that became due or ended is caught up with in one call.
local STEP = 100

-- Lua hands over some 8000 values in one call at most. Even: a part never ends between a name and its value.
local MOST_VALUES = 1000

local function number(key, field)
  return tonumber(call('HGET', key, field) or 0)
end

local function add(key, field, amount)
  if amount ~= 0 then call('HINCRBY', key, field, amount) end
end

-- Calls with a list of any length: with as many of its values at a time as a call can have.
local function in_parts(list, take)
  for from = 1, #list, MOST_VALUES do take(unpack(list, from, math.min(#list, from + MOST_VALUES - 1))) end
end

local function first(key)
  local found = call('ZRANGE', key, 0, 0, 'WITHSCORES')
  return found[1], tonumber(found[2])
end

-- Does a script's work for each request of those that came together: the number of its arguments, then these.
local function for_each_request(work)
  local answers, at = {}, 3
  while at <= #ARGV do
    local last = at + tonumber(ARGV[at])
    answers[#answers + 1] = work(at + 1, last)
    at = last + 1
  end
  return answers
end
