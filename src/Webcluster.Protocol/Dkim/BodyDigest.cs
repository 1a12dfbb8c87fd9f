using System.Buffers;
using System.Security.Cryptography;

namespace Webcluster.Protocol.Dkim;

/// <summary>
/// bh=: SHA-256 of the canonical body, up to l= (RFC 6376 §3.7). Small pieces are gathered, because each call into the hash has its price.
/// </summary>
internal sealed class BodyDigest : ICanonicalSink, IDisposable
{
    internal const int HashOctets = 32;

    private const int GatherOctets = 4096;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _gathered = ArrayPool<byte>.Shared.Rent(GatherOctets);
    private readonly BodyCanonicalizer _canonicalizer;
    private readonly long _limit;
    private int _count;
    private long _length;

    internal BodyDigest(Canonicalization kind, long limit = long.MaxValue)
    {
        _canonicalizer = new BodyCanonicalizer(kind, this);
        _limit = limit;
    }

    /// <returns>Octets of the canonical body, those behind the limit included.</returns>
    internal static long Compute(Canonicalization kind, ReadOnlySpan<byte> body, Span<byte> hash, long limit = long.MaxValue)
    {
        using var digest = new BodyDigest(kind, limit);
        digest.Append(body);
        return digest.Finish(hash);
    }

    /// <summary>Takes a piece of the body as it is sent.</summary>
    internal void Append(ReadOnlySpan<byte> piece) => _canonicalizer.Append(piece);

    /// <returns>Octets of the canonical body, those behind the limit included.</returns>
    internal long Finish(Span<byte> hash)
    {
        _canonicalizer.Finish();
        Flush();
        _hash.GetHashAndReset(hash);
        return _length;
    }

    void ICanonicalSink.Append(ReadOnlySpan<byte> octets)
    {
        var room = Math.Max(0, _limit - _length);
        _length += octets.Length;
        if (octets.Length > room)
            octets = octets[..(int)room];
        if (octets.Length > _gathered.Length - _count)
            Flush();
        if (octets.Length > _gathered.Length)
        {
            _hash.AppendData(octets);
            return;
        }
        octets.CopyTo(_gathered.AsSpan(_count));
        _count += octets.Length;
    }

    public void Dispose()
    {
        _hash.Dispose();
        ArrayPool<byte>.Shared.Return(_gathered);
    }

    private void Flush()
    {
        _hash.AppendData(_gathered.AsSpan(0, _count));
        _count = 0;
    }
}
