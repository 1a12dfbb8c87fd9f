using Webcluster.TestKit.Redis;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>Everything a Redis holds as text, one line a key; octets that are no printable ASCII as \xNN.</summary>
internal static class RedisDump
{
    private const string Script = """
        local function show(text) return (string.gsub(text, '[^!-~]', function(c) return string.format('\\x%02x', string.byte(c)) end)) end
        local read = {
          string = function(key) return { redis.call('GET', key) } end,
          set = function(key) local all = redis.call('SMEMBERS', key); table.sort(all); return all end,
          zset = function(key) return redis.call('ZRANGE', key, 0, -1, 'WITHSCORES') end,
          hash = function(key)
            local all, pairs = redis.call('HGETALL', key), {}
            for i = 1, #all, 2 do pairs[#pairs + 1] = all[i] .. '=' .. all[i + 1] end
            table.sort(pairs)
            return pairs
          end,
          stream = function(key)
            local values = {}
            for _, entry in ipairs(redis.call('XRANGE', key, '-', '+')) do
              values[#values + 1] = entry[1]
              for i = 1, #entry[2], 2 do values[#values + 1] = entry[2][i] .. '=' .. entry[2][i + 1] end
            end
            return values
          end,
        }
        local lines = {}
        for _, key in ipairs(redis.call('KEYS', '*')) do
          local kind = redis.call('TYPE', key).ok
          local line = show(key) .. ' ' .. kind
          for _, value in ipairs(read[kind](key)) do line = line .. ' ' .. show(value) end
          lines[#lines + 1] = line
        end
        table.sort(lines)
        return table.concat(lines, '\n')
        """;

    public static Task<string> DumpAsync(this RedisDaemon daemon) => daemon.RunAsync("EVAL", Script, "0");

    /// <summary>Octets as they stand in a dump.</summary>
    public static string Show(ReadOnlySpan<byte> octets)
    {
        var text = "";
        foreach (var octet in octets)
            text += octet is > 0x20 and < 0x7F ? ((char)octet).ToString() : $"\\x{octet:x2}";
        return text;
    }
}
