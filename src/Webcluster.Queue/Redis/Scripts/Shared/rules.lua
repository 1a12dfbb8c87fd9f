-- Rules: which are in force, and whom they are about. Nothing is looked up while there is no rule.
--
-- A rule R is the 16 octets of its id. Scopes and actions are the digits of RuleScope and RuleAction; a message's value is M, the others
-- are texts.
local RULES = P .. ':rules'       -- hash, there while any is in force or at work: s lanes' stoppers, h<scope> holders, k holders still walking, o the one
                                  -- that is being carried out, t its latest delivery
local IN_FORCE = P .. ':force'    -- hash: s or h, scope, value -> the rules in force, as they were added
local LISTED = P .. ':listed'     -- sorted set: the rules that are listed, by the order in which they were added
local DONE = P .. ':done'         -- sorted set: those of them that were carried out
local ENDS = P .. ':ends'         -- sorted set: rules that end by themselves, by when
local WORK = P .. ':work'         -- sorted set: rules that have something left to do, by the order in which it came up
local SEEN = P .. ':seen'         -- set: deliveries (number, D) that had their turn with the rule that is being carried out, and are still here
local BELL = P .. ':bell'         -- channel: there is work

local function rule_key(R) return P .. ':r:' .. R end     -- hash: rec record, a action, c scope, v value, p pool, b what a bounce says, u end, t latest
                                                          -- delivery, d done, y under way, w work ("walk", "free"), and how far that came
                                                          -- (ruling.lua)
local function aside_key(R) return P .. ':g:' .. R end    -- sorted set: what the rule has set aside, by when it is due

local R_OCTETS = 16
local OF_MESSAGE, OF_LANE, OF_SITE, OF_PROVIDER, OF_DOMAIN, OF_TENANT, OF_TAG = '1', '2', '3', '4', '5', '6', '7'

-- What is in RULES; read once.
local in_force
local function ruled()
  if not in_force then
    in_force = {}
    local fields = call('HGETALL', RULES)
    for i = 1, #fields, 2 do in_force[fields[i]] = fields[i + 1] end
  end
  return in_force
end

local function tally(field, by)
  in_force = nil
  if call('HINCRBY', RULES, field, by) == 0 then call('HDEL', RULES, field) end
end

local function in_force_first(kind, scope, value)
  local rules = call('HGET', IN_FORCE, kind .. scope .. value)
  return rules and string.sub(rules, 1, R_OCTETS) or nil
end

local function names_of(L)
  local names, at = {}, 1
  for i = 1, 3 do
    if string.sub(L, at, at) == '=' then
      names[i], at = names[1], at + 1
    else
      local colon = string.find(L, ':', at, true)
      at = colon + 1 + tonumber(string.sub(L, at, colon - 1))
      names[i] = string.sub(L, colon + 1, at - 1)
    end
  end
  return names[1], names[2], names[3]
end

-- As LaneKey.ToString writes it.
local function lane_name(provider, site, pool)
  return (provider == site and site or provider .. '/' .. site) .. '|' .. pool
end

local function lane_of(provider, site, pool)
  return #provider .. ':' .. provider .. (site == provider and '=' or #site .. ':' .. site) .. #pool .. ':' .. pool
end

-- The rule that stops a lane whole.
local function stopper(L)
  if not ruled().s then return nil end
  local provider, site, pool = names_of(L)
  return in_force_first('s', OF_LANE, lane_name(provider, site, pool)) or in_force_first('s', OF_SITE, site)
    or in_force_first('s', OF_PROVIDER, provider)
end

local function is_of_lane(L, scope, value)
  local provider, site, pool = names_of(L)
  if scope == OF_LANE then return lane_name(provider, site, pool) == value end
  if scope == OF_SITE then return site == value end
  if scope == OF_PROVIDER then return provider == value end
  return false
end

-- As answers show a rule: R and its record, or "" for none.
local function shown(R)
  return R and R .. (call('HGET', rule_key(R), 'rec') or '') or ''
end
