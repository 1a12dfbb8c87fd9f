-- The record of a delivery: version, flags, attempts, number, due, holder (a session, or with flag 2 the rule that has set it aside; zeros:
-- it waits), lengths of lane and flow; then lane, flow, with flag 4 the length of what its bounce says and that, and recipients. Numbers
-- are big-endian. Claiming, giving back, setting aside and marking overwrite only the holder or the flags.
local HEADER = '>BBI4I6I8c16I2I2'
local HEADER_OCTETS = 40
local VERSION = 1
local FLAGS_AT, HOLDER_AT = 1, 20
local MAY_HAVE_BEEN_SENT, ASIDE, BOUNCED = 1, 2, 4
local NOBODY = string.rep('\0', 16)

-- A record of another version, or a damaged one, is treated as if it were absent.
local function parse(D, record)
  if not record or #record < HEADER_OCTETS or string.byte(record) ~= VERSION then return nil end
  local d = { D = D }
  local _, lane, flow
  _, d.flags, d.attempts, d.number, d.due, d.holder, lane, flow = struct.unpack(HEADER, record)
  d.lane = string.sub(record, HEADER_OCTETS + 1, HEADER_OCTETS + lane)
  d.flow = string.sub(record, HEADER_OCTETS + lane + 1, HEADER_OCTETS + lane + flow)
  local rest = HEADER_OCTETS + lane + flow + 1
  if bit.band(d.flags, BOUNCED) ~= 0 then
    if #record < rest + 1 then return nil end
    local length = struct.unpack('>I2', record, rest)
    d.bounce = string.sub(record, rest + 2, rest + 1 + length)
    rest = rest + 2 + length
  end
  d.recipients = string.sub(record, rest)
  return d
end

local function read(D)
  return parse(D, call('GET', delivery_key(D)))
end

local function write(d)
  local header = struct.pack(HEADER, VERSION, d.flags, d.attempts, d.number, d.due, d.holder, #d.lane, #d.flow)
  local bounce = d.bounce and struct.pack('>I2', #d.bounce) .. d.bounce or ''
  call('SET', delivery_key(d.D), header .. d.lane .. d.flow .. bounce .. d.recipients)
end

local function write_holder(D, holder)
  call('SETRANGE', delivery_key(D), HOLDER_AT, holder)
end

local function write_flags(d, flags)
  if d.flags == flags then return end
  d.flags = flags
  call('SETRANGE', delivery_key(d.D), FLAGS_AT, string.char(flags))
end

local function write_mark(d)
  write_flags(d, bit.bor(d.flags, MAY_HAVE_BEEN_SENT))
end

local function is_aside(d)
  return bit.band(d.flags, ASIDE) ~= 0
end

local function is_claimed(d)
  return d.holder ~= NOBODY and not is_aside(d)
end

-- Its place in its flow: at equal times the first stored goes first.
local function member(d)
  return struct.pack('>I6', d.number) .. d.D
end

-- Which deliveries of a message are here. Most messages have one, the first: these have no set of ordinals.
local FIRST = '0'
local ordinals = {}

local function is_alone(M)
  return call('EXISTS', ordinals_key(M)) == 0 and call('STRLEN', message_key(M)) > 0
end

function ordinals.of(M)
  return is_alone(M) and { FIRST } or call('SMEMBERS', ordinals_key(M))
end

function ordinals.has(M, ordinal)
  if is_alone(M) then return ordinal == FIRST end
  return call('SISMEMBER', ordinals_key(M), ordinal) == 1
end

-- Those of a message that is new here. O(those)
function ordinals.begin(M, list)
  if #list == 1 and list[1] == FIRST then return end
  in_parts(list, function(...) call('SADD', ordinals_key(M), ...) end)
end

-- One more of a message that is here. Returns whether it was not.
function ordinals.add(M, ordinal)
  if is_alone(M) then call('SADD', ordinals_key(M), FIRST) end
  return call('SADD', ordinals_key(M), ordinal) == 1
end

-- Returns whether it was the last.
function ordinals.remove(M, ordinal)
  if call('EXISTS', ordinals_key(M)) == 0 then return true end
  call('SREM', ordinals_key(M), ordinal)
  return call('EXISTS', ordinals_key(M)) == 0
end
