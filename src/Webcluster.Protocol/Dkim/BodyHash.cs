namespace Webcluster.Protocol.Dkim;

/// <summary>What bh= says of a body, as it stands there in base64 (RFC 6376 §3.5).</summary>
/// <param name="Length">Octets of the body as it is sent, not of its canonical form.</param>
public sealed record BodyHash(Canonicalization Kind, long Length, string Text)
{
    public static BodyHash Of(Canonicalization kind, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[BodyDigest.HashOctets];
        BodyDigest.Compute(kind, body, hash);
        return new BodyHash(kind, body.Length, Convert.ToBase64String(hash));
    }
}
