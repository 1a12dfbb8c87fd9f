using Webcluster.Protocol.Addresses;

namespace Webcluster.Protocol.Dkim;

public enum DkimAlgorithm { RsaSha256, Ed25519Sha256 }

/// <summary>A private key that signs for a domain under a selector. Thread-safe: many threads may sign at once.</summary>
public abstract class DkimKey(string domain, string selector) : IDisposable
{
    /// <summary>d=, lower-case A-labels.</summary>
    public string Domain { get; } = domain;

    /// <summary>s=</summary>
    public string Selector { get; } = selector;

    public abstract DkimAlgorithm Algorithm { get; }

    /// <summary>Signs the SHA-256 hash of the canonical header; returns the octets of b=.</summary>
    public abstract byte[] SignHash(ReadOnlySpan<byte> sha256);

    /// <summary>The TXT record to publish at selector._domainkey.domain (RFC 6376 §3.6.1, RFC 8463 §4).</summary>
    public abstract string DnsRecord { get; }

    /// <summary>
    /// Reads a PEM private key (PKCS#1 or PKCS#8, RSA of 1024 to 4096 bits or Ed25519). A null key and a reason of one line when it is
    /// none, or when domain or selector are no names.
    /// </summary>
    public static DkimKey? FromPem(string domain, string selector, string pem, out string? error)
    {
        error = ProblemOf(domain, selector, out var name);
        return error is null ? PrivateKeyPem.Read(name, selector, pem, out error) : null;
    }

    /// <summary>What keeps a key from being published under these names, in one line; null where nothing does.</summary>
    /// <param name="name">The domain in lower-case A-labels.</param>
    public static string? ProblemOf(string domain, string selector, out string name)
    {
        if (!DomainName.TryNormalize(domain, out name)) return $"'{domain}' is no domain name";
        return SignatureSyntax.IsName(selector)
            ? null
            : $"'{selector}' is no selector: letters, digits, '-' and '_', in labels of at most 63";
    }

    /// <summary>A new private key as PKCS#8 PEM: RSA of 2048 bits, or Ed25519.</summary>
    public static string GeneratePem(DkimAlgorithm algorithm) => PrivateKeyPem.Generate(algorithm);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
