using System.Buffers.Text;
using System.Globalization;
using System.Text;
using StackExchange.Redis;
using Webcluster.Queue.Lanes;

namespace Webcluster.Queue.Redis.Records;

/// <summary>
/// A lane as part of keys and records: provider, site and pool as netstrings of UTF-8 without the comma ("6:google..."); "=" for a site
/// that is its own provider. It ends where it says, so that no name makes the key of another, whatever octets it has.
/// </summary>
internal static class LaneCode
{
    private const string Same = "=";

    public static byte[] Encode(LaneKey lane) =>
        Encoding.UTF8.GetBytes($"{Start(lane.Provider, lane.Site)}{Part(lane.Pool)}");

    /// <summary>What all lanes of a site begin with.</summary>
    public static RedisValue Site(string provider, string site) => Encoding.UTF8.GetBytes(Start(provider, site));

    /// <summary>What all lanes of a provider begin with.</summary>
    public static byte[] Provider(string provider) => Encoding.UTF8.GetBytes(Part(provider));

    /// <summary>What all lanes of a pool end with, after their site.</summary>
    public static RedisValue Pool(string pool) => Encoding.UTF8.GetBytes(Part(pool));

    /// <summary>Reads a source at a provider: the provider as lanes begin with it, then the source's name.</summary>
    public static bool TryDecodeSource(ReadOnlySpan<byte> code, out string provider, out string source)
    {
        var isSource = TryRead(ref code, out provider);
        source = Encoding.UTF8.GetString(code);
        return isSource;
    }

    /// <returns>Null where it is no lane.</returns>
    public static LaneKey? Decode(ReadOnlySpan<byte> code) =>
        TryRead(ref code, out var provider)
        && TryReadSite(ref code, provider, out var site)
        && TryRead(ref code, out var pool)
        && code.IsEmpty
            ? new LaneKey(provider, site, pool)
            : null;

    private static bool TryReadSite(ref ReadOnlySpan<byte> code, string provider, out string site)
    {
        if (!code.StartsWith("="u8))
            return TryRead(ref code, out site);
        code = code[1..];
        site = provider;
        return true;
    }

    private static string Start(string provider, string site) => $"{Part(provider)}{(site == provider ? Same : Part(site))}";

    private static string Part(string name) => string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(name)}:{name}");

    private static bool TryRead(ref ReadOnlySpan<byte> code, out string name)
    {
        name = "";
        if (!Utf8Parser.TryParse(code, out int length, out var digits) || length < 0 || digits >= code.Length || code[digits] != ':'
            || length > code.Length - digits - 1)
            return false;
        name = Encoding.UTF8.GetString(code.Slice(digits + 1, length));
        code = code[(digits + 1 + length)..];
        return true;
    }
}
