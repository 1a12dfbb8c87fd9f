-- Turns: which of the sources that mail of a pool leaves from goes next, so that each has its share (docs/decisions/0010-traffic.md).
--
-- The hash of a provider and pool has for each source, from whatever node: its virtual time, which grows by 1/weight for each message, and
-- when it was last offered; minus that where it could not open a session then. Those that could, a moment ago, are in the contest: nobody
-- gets far ahead of the least of them.
local turns
do
local LEAD = 16 -- messages that a source may be ahead by before it makes room; never more than twice as many
local MOMENT, AGAIN, KEPT = 2000000, 20000, 600000000
local STANDING = '>dd'

-- The standings of a pool; nil where its mail leaves from the system's choice of address.
local function of(p, pool, sources)
  if #sources == 0 or #sources == 1 and sources[1].name == '' then return nil end
  local line = { key = turns_key(p, pool), standings = {}, changed = {}, gone = {} }
  local fields = call('HGETALL', line.key)
  for i = 1, #fields, 2 do
    local time, offered = struct.unpack(STANDING, fields[i + 1])
    if now - math.abs(offered) <= KEPT then
      line.standings[fields[i]] = { time = time, offered = offered }
    else
      line.gone[#line.gone + 1] = fields[i]
    end
  end
  return line
end

local function is_in(standing) return standing.offered <= now and now - standing.offered <= MOMENT end

-- The least virtual time in the contest, of others than one.
local function least(line, except)
  local time
  for name, standing in pairs(line.standings) do
    if name ~= except and is_in(standing) and (not time or standing.time < time) then time = standing.time end
  end
  return time
end

-- Whether others than these are in the contest.
local function has_others(line, sources)
  local own = {}
  for _, source in ipairs(sources) do own[source.name] = true end
  for name, standing in pairs(line.standings) do
    if not own[name] and is_in(standing) then return true end
  end
  return false
end

-- The least virtual time of some sources, of those that were left out or of the others.
local function least_of(line, sources, left_out)
  local time
  for _, source in ipairs(sources) do
    local known = line.standings[source.name]
    if known and (known.offered < 0) == left_out and (not time or known.time < time) then time = known.time end
  end
  return time
end

-- Sources come into the contest, or stay. One that comes starts at the least of it, or as far ahead of that as it was and may be: it is
-- owed nothing, and owes no more than it could have made room for. Where nobody is in it, those that were not left out say where it is.
local function enter(line, sources)
  local base = least(line) or least_of(line, sources, false) or least_of(line, sources, true) or 0
  for _, source in ipairs(sources) do
    local standing = line.standings[source.name]
    if not standing then
      standing = { time = base, offered = now }
      line.standings[source.name] = standing
    elseif not is_in(standing) then
      standing.time = math.max(base, math.min(standing.time, base + 2 * LEAD / source.weight))
    end
    standing.offered = now
    line.changed[source.name] = standing
  end
end

local function leave_out(line, name)
  local standing = line.standings[name]
  if not standing then return end
  standing.offered = -now
  line.changed[name] = standing
end

-- A claim offers these; of those that could not open a session it is not known whether they can now, but of a session's own.
local function offer(line, sources, own)
  local believed = {}
  for _, source in ipairs(sources) do
    local standing = line.standings[source.name]
    if source == own or not standing or standing.offered >= 0 then believed[#believed + 1] = source end
  end
  enter(line, believed)
end

-- How many messages a source may have, where it is not ahead of the contest by more than so many; 0: it is.
local function allowance(line, source, lead)
  local behind = least(line, source.name)
  if not behind then return math.huge end
  local ahead = (line.standings[source.name].time - behind) * source.weight
  return ahead > lead and 0 or math.max(1, math.floor(2 * LEAD - ahead))
end

local function time_of(line, side) return line.standings[side.source.name].time end

-- Of the sources of a claim, each with how many messages it may have: the one whose turn it is to open a session, and how many it may have
-- then; 0: it is another node's turn. Nil where none can.
local function choose(line, sides)
  local able, best = {}, nil
  for _, side in ipairs(sides) do
    if side.more > 0 then able[#able + 1] = side.source else leave_out(line, side.source.name) end
  end
  enter(line, able)
  for _, side in ipairs(sides) do
    if side.more > 0 and (not best or time_of(line, side) < time_of(line, best)) then best = side end
  end
  if not best then return nil end
  return best, math.min(best.more, allowance(line, best.source, LEAD / 2))
end

-- How many more a session may have that is one of so many of its source, of so many in all; 0: it makes room for another. The more of all
-- sessions a source has, the sooner one of them goes.
local function go_on(line, source, own, all) return allowance(line, source, LEAD * (2 - own / math.max(1, all))) end

local function take(line, source, messages, can_open)
  local standing = line.standings[source.name]
  standing.time = standing.time + messages / source.weight
  standing.offered = can_open and now or -now
end

local function keep(line)
  local values = {}
  for name, standing in pairs(line.changed) do
    values[#values + 1] = name
    values[#values + 1] = struct.pack(STANDING, standing.time, standing.offered)
  end
  if #line.gone > 0 then call('HDEL', line.key, unpack(line.gone)) end
  if #values == 0 then return end
  call('HSET', line.key, unpack(values))
  call('PEXPIRE', line.key, KEPT / 1000)
end

turns = {
  AGAIN = AGAIN,
  of = of,
  offer = offer,
  has_others = has_others,
  choose = choose,
  go_on = go_on,
  leave_out = leave_out,
  take = take,
  keep = keep,
}
end
