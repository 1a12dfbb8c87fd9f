using System.Text;

namespace Webcluster.Protocol.Tokens;

/// <summary>A secret that signs tokens, and the number that they name it by.</summary>
public sealed class TokenKey
{
    /// <summary>Characters of a secret at least: 128 bits as hexadecimal digits.</summary>
    public const int LeastLength = 32;

    private readonly byte[] _secret;

    private TokenKey(byte id, byte[] secret) => (Id, _secret) = (id, secret);

    public byte Id { get; }

    internal ReadOnlySpan<byte> Secret => _secret;

    /// <param name="problem">Why the text is no secret; null where it is.</param>
    public static TokenKey? Create(byte id, string secret, out string? problem)
    {
        problem = secret.Length >= LeastLength && !secret.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? null
            : $"does not hold one secret of at least {LeastLength} visible ASCII characters";
        return problem is null ? new TokenKey(id, Encoding.ASCII.GetBytes(secret)) : null;
    }
}
