namespace Webcluster.Protocol.Dkim;

/// <summary>ed25519-sha256: the SHA-256 hash of the header is the message that PureEdDSA signs (RFC 8463 §3).</summary>
internal sealed class Ed25519DkimKey : DkimKey
{
    private readonly EvpKeyHandle _key;

    internal Ed25519DkimKey(string domain, string selector, ReadOnlySpan<byte> seed)
        : base(domain, selector)
    {
        _key = Ed25519.ImportPrivateKey(seed);
        DnsRecord = $"v=DKIM1; k=ed25519; p={Convert.ToBase64String(Ed25519.PublicKey(_key))}"; // rfc8463#4
    }

    public override DkimAlgorithm Algorithm => DkimAlgorithm.Ed25519Sha256;

    public override string DnsRecord { get; }

    public override byte[] SignHash(ReadOnlySpan<byte> sha256) => Ed25519.Sign(_key, sha256);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _key.Dispose();
    }
}
