using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Webcluster.Protocol.Tokens;

/// <summary>The keys of tokens: the first signs, all are believed, so that a new one can come before an old one goes.</summary>
public sealed class TokenKeyRing
{
    private readonly TokenKey _signer;
    private readonly FrozenDictionary<byte, TokenKey> _keys;

    /// <param name="keys">At least one, no two with one id.</param>
    public TokenKeyRing(IReadOnlyList<TokenKey> keys)
    {
        _signer = keys[0];
        _keys = keys.ToFrozenDictionary(key => key.Id);
    }

    internal byte Signer => _signer.Id;

    /// <summary>Fills <paramref name="mark"/> with the first octets of the HMAC-SHA256 of what stands before it.</summary>
    internal void Sign(ReadOnlySpan<byte> payload, Span<byte> mark) => Compute(_signer, payload, mark);

    internal TokenProblem Check(byte id, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> mark)
    {
        if (!_keys.TryGetValue(id, out var key)) return TokenProblem.UnknownKey;
        Span<byte> expected = stackalloc byte[mark.Length];
        Compute(key, payload, expected);
        return CryptographicOperations.FixedTimeEquals(mark, expected) ? TokenProblem.None : TokenProblem.Forged;
    }

    private static void Compute(TokenKey key, ReadOnlySpan<byte> payload, Span<byte> mark)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Secret, payload, whole);
        whole[..mark.Length].CopyTo(mark);
    }
}
