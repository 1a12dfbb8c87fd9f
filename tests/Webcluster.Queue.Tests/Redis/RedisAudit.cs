using Shouldly;
using Webcluster.TestKit.Redis;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>
/// Whether everything a Redis holds fits together, as Scripts/Shared/keys.lua, records.lua and rules.lua say it must between any two
/// scripts: each delivery in exactly one place, each count what there is of it, nothing left over. Written from those words, not from the
/// scripts.
/// </summary>
internal static class RedisAudit
{
    private const string Script = """
        local call, problems = redis.call, {}
        local function bad(...)
          local text = table.concat({ ... }, ' ')
          problems[#problems + 1] = (string.gsub(text, '[^ -~]', function(c) return string.format('\\x%02x', string.byte(c)) end))
        end
        local function same(what, found, wanted)
          if tonumber(found or 0) ~= tonumber(wanted or 0) then bad(what, 'is', tostring(found), 'not', tostring(wanted)) end
        end
        local function has(P, kind) return call('KEYS', P .. kind .. '*') end
        local function name(P, kind, key) return string.sub(key, #P + #kind + 1) end
        local function plus(counts, key, by) counts[key] = (counts[key] or 0) + (by or 1) end

        local function audit(P)
          local places, flows = {}, {}
          local function at(D, place)
            if places[D] then bad('delivery', D, 'is at', place, 'and at', places[D]) end
            places[D] = place
          end
          local function members(key, kind)
            local found = call('ZRANGE', key, 0, -1, 'WITHSCORES')
            for i = 1, #found, 2 do at(string.sub(found[i], 7), kind .. ' ' .. found[i] .. ' ' .. string.format('%.0f', found[i + 1])) end
            return found
          end
          for _, key in ipairs(has(P, ':f:')) do flows[name(P, ':f:', key)] = tonumber(members(key, 'flow ' .. name(P, ':f:', key))[2]) end
          for _, key in ipairs(has(P, ':g:')) do members(key, 'aside ' .. name(P, ':g:', key)) end
          local sessions = has(P, ':s:')
          local open, idle = {}, {}
          for _, key in ipairs(sessions) do
            local fields = call('HGETALL', key)
            for i = 1, #fields, 2 do
              if #fields[i] == 18 then at(fields[i], 'session ' .. name(P, ':s:', key)) end
            end
            local node, L, is_idle = unpack(call('HMGET', key, 'n', 'l', 'i'))
            plus(open, L)
            if is_idle == '1' then plus(idle, L) end
            if call('SISMEMBER', P .. ':n:' .. node, name(P, ':s:', key)) == 0 then bad('session of', node, 'is not its') end
          end

          local waiting, aside, claimed, octets = 0, 0, 0, 0
          local sizes, held, taken, ready, messages = {}, {}, {}, {}, {}
          for _, key in ipairs(has(P, ':d:')) do
            local D, record = name(P, ':d:', key), call('GET', key)
            local _, flags, _, number, due, holder, l, f = struct.unpack('>BBI4I6I8c16I2I2', record)
            local L, F = string.sub(record, 41, 40 + l), string.sub(record, 41 + l, 40 + l + f)
            local member = struct.pack('>I6', number) .. D .. ' ' .. string.format('%.0f', due)
            local wanted
            plus(sizes, L)
            if bit.band(flags, 2) ~= 0 then
              wanted = 'aside ' .. holder .. ' ' .. member
              aside = aside + 1
              plus(held, L)
            elseif holder == string.rep('\0', 16) then
              wanted = 'flow ' .. L .. F .. ' ' .. member
              waiting = waiting + 1
              ready[L] = ready[L] or {}
              ready[L][F] = flows[L .. F]
            else
              wanted = 'session ' .. holder
              claimed = claimed + 1
              plus(taken, L)
            end
            if places[D] ~= wanted then bad('delivery', D, 'is at', tostring(places[D]), 'not at', wanted) end
            places[D] = nil
            local M, ordinal = string.sub(D, 1, 16), struct.unpack('>I2', D, 17)
            local listed = call('EXISTS', P .. ':o:' .. M) == 1
            if listed and call('SISMEMBER', P .. ':o:' .. M, ordinal) == 0 or not listed and ordinal > 0 then bad('delivery', D, 'has no ordinal') end
            plus(messages, M)
          end
          for D, place in pairs(places) do bad('no delivery', D, 'but a place', place) end

          local count = 0
          for M, deliveries in pairs(messages) do
            count = count + 1
            same('ordinals of ' .. M, math.max(1, call('SCARD', P .. ':o:' .. M)), deliveries)
            local record = call('GET', P .. ':m:' .. M)
            if not record or #record == 0 then bad('message', M, 'is gone') else
              local prefix, body = struct.unpack('>I4I4', record, 7)
              octets = octets + prefix + body
            end
          end
          for _, key in ipairs(has(P, ':o:')) do
            if not messages[name(P, ':o:', key)] then bad('ordinals of', key, 'without deliveries') end
          end
          for _, key in ipairs(has(P, ':m:')) do
            if not messages[name(P, ':m:', key)] and call('STRLEN', key) > 0 then bad('message', key, 'without deliveries') end
          end
          local totals = { w = waiting, h = aside, c = claimed, m = count, o = octets, s = #sessions }
          for field, wanted in pairs(totals) do same('total ' .. field, call('HGET', P .. ':totals', field), wanted) end

          local listed = call('ZRANGE', P .. ':sizes', 0, -1, 'WITHSCORES')
          for i = 1, #listed, 2 do
            local L = listed[i]
            same('size of ' .. L, listed[i + 1], sizes[L])
            sizes[L] = nil
            if not call('ZSCORE', P .. ':sites', L) then bad('lane', L, 'is not among the sites') end
            local lane = P .. ':l:' .. L
            for field, wanted in pairs({ c = taken[L] or 0, h = held[L] or 0, s = open[L] or 0, i = idle[L] or 0 }) do
              same(field .. ' of ' .. L, call('HGET', lane, field), wanted)
            end
            local soonest
            for F, due in pairs(ready[L] or {}) do
              if not soonest or due < soonest then soonest = due end
              local awake, since, later = call('ZSCORE', P .. ':a:' .. L, F), call('ZSCORE', P .. ':u:' .. L, F), call('ZSCORE', P .. ':z:' .. L, F)
              if not awake ~= not since or not awake == not later then bad('flow', F, 'of', L, 'is both or neither') end
              same('due of flow ' .. F, since or later, due)
            end
            local flows_of = call('ZCARD', P .. ':u:' .. L) + call('ZCARD', P .. ':z:' .. L)
            for _ in pairs(ready[L] or {}) do flows_of = flows_of - 1 end
            same('flows too many of ' .. L, flows_of, 0)
            local free, blocked = call('ZSCORE', P .. ':lanes', L), call('ZSCORE', P .. ':blocked', L)
            if free and blocked then bad('lane', L, 'is free and blocked') end
            same('place among lanes of ' .. L, free or blocked, soonest)
          end
          for L in pairs(sizes) do bad('lane', L, 'is not among the sizes') end

          for _, key in ipairs(has(P, ':x:')) do
            local names, longest, without_end = call('PTTL', key), 0, false
            for _, e in ipairs(call('SMEMBERS', key)) do
              local left = call('PTTL', P .. ':e:' .. name(P, ':x:', key) .. e)
              if left == -1 then without_end = true end
              longest = math.max(longest, left)
            end
            if names == -1 and not without_end then bad('names', key, 'without end') end
            if names ~= -1 and names + 1000 < longest then bad('names', key, 'go before their records') end
          end

          local rules = {}
          for _, set in ipairs({ ':listed', ':work' }) do
            for _, R in ipairs(call('ZRANGE', P .. set, 0, -1)) do rules[R] = true end
          end
          for _, kind in ipairs({ ':r:', ':g:' }) do
            for _, key in ipairs(has(P, kind)) do
              if not rules[name(P, kind, key)] then bad(key, 'without its rule') end
            end
          end
          if call('EXISTS', P .. ':work') == 0 then
            for _, key in ipairs({ ':todo', ':part', ':seen' }) do
              if call('EXISTS', P .. key) == 1 then bad(key, 'is left') end
            end
            for _, field in ipairs({ 'o', 't', 'k' }) do
              if call('HEXISTS', P .. ':rules', field) == 1 then bad('field', field, 'of rules is left') end
            end
          end
        end

        for _, key in ipairs(call('KEYS', '*:store')) do audit(string.sub(key, 1, -7)) end
        return table.concat(problems, '\n')
        """;

    /// <summary>Of a replica nothing is asked: in a cluster it runs no scripts.</summary>
    public static async Task ShouldBeSoundAsync(this RedisDaemon daemon)
    {
        if ((await daemon.RunAsync("INFO", "replication")).Contains("role:master", StringComparison.Ordinal))
            (await daemon.RunAsync("EVAL", Script, "0")).ShouldBe("");
    }
}
