-- What deliveries are known by besides their lanes. Read only where a rule asks for it. The formats are those of RecipientsCodec and
-- EnvelopeCodec.
local split, is_of, holder_of, had_its_turn
do

-- A variable-length count: its value, and where it ends.
local function count_at(text, at)
  local value, unit = 0, 1
  for i = at, at + 3 do
    local octet = string.byte(text, i) or error('a record that cannot be read')
    value = value + octet % 128 * unit
    unit = unit * 128
    if octet < 128 then return value, i + 1 end
  end
  error('a record that cannot be read')
end

local function count_octets(value)
  local octets = ''
  while value > 127 do
    octets = octets .. string.char(value % 128 + 128)
    value = math.floor(value / 128)
  end
  return octets .. string.char(value)
end

local function text_at(text, at)
  local length, from = count_at(text, at)
  return string.sub(text, from, from + length - 1), from + length
end

-- Calls with each recipient's domain and record.
local function each_recipient(recipients, take)
  local count, at = count_at(recipients, 2)
  for _ = 1, count do
    local from, parts = at, string.byte(recipients, at)
    local domain
    _, at = text_at(recipients, at + 2)
    domain, at = text_at(recipients, at)
    for _, part in ipairs({ 1, 2 }) do
      if bit.band(parts, part) ~= 0 then _, at = text_at(recipients, at) end
    end
    take(domain, string.sub(recipients, from, at - 1))
  end
end

-- Each domain once, in the order of the recipients; none where the record is damaged.
local function domains_of(d)
  local domains, seen = {}, {}
  local sound = pcall(each_recipient, d.recipients, function(domain)
    if not seen[domain] then
      seen[domain] = true
      domains[#domains + 1] = domain
    end
  end)
  return sound and domains or {}
end

-- The recipients of a domain and the others, each as a list, with how many there are. For records that are sound.
function split(recipients, domain)
  local lists, counts = { '', '' }, { 0, 0 }
  each_recipient(recipients, function(of, record)
    local list = of == domain and 1 or 2
    lists[list] = lists[list] .. record
    counts[list] = counts[list] + 1
  end)
  local version = string.sub(recipients, 1, 1)
  return version .. count_octets(counts[1]) .. lists[1], counts[1], version .. count_octets(counts[2]) .. lists[2], counts[2]
end

local HEAD_AT, ENVELOPE_AT = 2, 30

local function read_tags(envelope)
  local parts, at, tags = string.byte(envelope, 2), 4, {}
  local texts = bit.band(parts, 1) * 2 + bit.band(parts, 2) / 2 + 1
  for _ = 1, texts do _, at = text_at(envelope, at) end
  for tag in string.gmatch(text_at(envelope, at), '%S+') do tags[#tags + 1] = tag end
  return tags
end

local function tags_of(d)
  local key = message_key(string.sub(d.D, 1, 16))
  local head = call('GETRANGE', key, HEAD_AT, HEAD_AT + 3)
  if #head < 4 then return {} end
  local envelope = call('GETRANGE', key, ENVELOPE_AT, struct.unpack('>I4', head) - 1)
  -- Version 2 is the one with tags.
  if string.byte(envelope) ~= 2 then return {} end
  local sound, tags = pcall(read_tags, envelope)
  return sound and tags or {}
end

local function contains(list, value)
  for _, each in ipairs(list) do
    if each == value then return true end
  end
  return false
end

function is_of(d, scope, value)
  if scope == OF_MESSAGE then return string.sub(d.D, 1, 16) == value end
  if scope == OF_DOMAIN then return contains(domains_of(d), value) end
  if scope == OF_TENANT then return string.sub(d.flow, 2) == value end
  if scope == OF_TAG then return contains(tags_of(d), value) end
  return is_of_lane(d.lane, scope, value)
end

-- The rule that sets a delivery aside, the narrowest where there are several. What is to bounce is not held up.
function holder_of(d)
  local rules = ruled()
  if not next(rules) or d.bounce then return nil end
  local function first_of(scope, values)
    if not rules['h' .. scope] then return nil end
    for _, value in ipairs(values()) do
      local R = in_force_first('h', scope, value)
      if R then return R end
    end
  end
  local provider, site, pool = names_of(d.lane)
  return first_of(OF_MESSAGE, function() return { string.sub(d.D, 1, 16) } end) or first_of(OF_TAG, function() return tags_of(d) end)
    or first_of(OF_DOMAIN, function() return domains_of(d) end) or first_of(OF_TENANT, function() return { string.sub(d.flow, 2) } end)
    or first_of(OF_LANE, function() return { lane_name(provider, site, pool) } end) or first_of(OF_SITE, function() return { site } end)
    or first_of(OF_PROVIDER, function() return { provider } end)
end

-- What a session had while a rule is being carried out has had its turn with that when it comes back.
function had_its_turn(d)
  local rules = ruled()
  if not rules.o or d.bounce or d.number > tonumber(rules.t) then return end
  local scope, value = unpack(call('HMGET', rule_key(rules.o), 'c', 'v'))
  if is_of(d, scope, value) then add(rule_key(rules.o), 'y', call('SADD', SEEN, member(d))) end
end

end
