using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Webcluster.Protocol.Dkim;

/// <summary>
/// rsa-sha256 (RFC 6376 §3.3.2, RFC 8301). An <see cref="RSA"/> is not promised to be safe for many threads, and OpenSSL blinds the second
/// thread on one key under a lock; so each signs with an instance of its own, imported when all others are in use, and kept.
/// </summary>
internal sealed class RsaDkimKey : DkimKey
{
    internal const int MinBits = 1024;
    internal const int MaxBits = 4096;

    private readonly byte[] _pkcs1;
    private readonly ConcurrentBag<RSA> _idle = [];
    private volatile bool _disposed;

    /// <summary>Takes the instance over.</summary>
    internal RsaDkimKey(string domain, string selector, RSA rsa)
        : base(domain, selector)
    {
        _pkcs1 = rsa.ExportRSAPrivateKey();
        DnsRecord = $"v=DKIM1; k=rsa; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}"; // rfc6376#3.6.1
        _idle.Add(rsa);
    }

    public override DkimAlgorithm Algorithm => DkimAlgorithm.RsaSha256;

    public override string DnsRecord { get; }

    public override byte[] SignHash(ReadOnlySpan<byte> sha256)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var rsa = _idle.TryTake(out var idle) ? idle : Import();
        try
        {
            return rsa.SignHash(sha256, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        finally
        {
            _idle.Add(rsa);
            if (_disposed)
                DisposeIdle();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _disposed = true;
        CryptographicOperations.ZeroMemory(_pkcs1);
        DisposeIdle();
    }

    private RSA Import()
    {
        var rsa = RSA.Create();
        rsa.ImportRSAPrivateKey(_pkcs1, out _);
        return rsa;
    }

    private void DisposeIdle()
    {
        while (_idle.TryTake(out var rsa))
            rsa.Dispose();
    }
}
