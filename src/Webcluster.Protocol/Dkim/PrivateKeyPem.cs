using System.Diagnostics;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Webcluster.Protocol.Dkim;

/// <summary>Private keys as PEM: RSA in PKCS#1 or PKCS#8, Ed25519 in PKCS#8 (RFC 8410). Refusals are one line each.</summary>
internal static class PrivateKeyPem
{
    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const string Ed25519Oid = "1.3.101.112";

    /// <summary>An Ed25519 key up to its seed: SEQUENCE, version 0, the algorithm, and two nested OCTET STRINGs (RFC 8410 §7).</summary>
    private static ReadOnlySpan<byte> Ed25519Prefix =>
        [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

    internal static string Generate(DkimAlgorithm algorithm) => algorithm switch
    {
        DkimAlgorithm.RsaSha256 => GenerateRsa(),
        DkimAlgorithm.Ed25519Sha256 => FromSeed(RandomNumberGenerator.GetBytes(Ed25519.KeyOctets)),
        _ => throw new UnreachableException(),
    };

    internal static string FromSeed(ReadOnlySpan<byte> seed) => PemEncoding.WriteString("PRIVATE KEY", [.. Ed25519Prefix, .. seed]);

    internal static DkimKey? Read(string domain, string selector, string pem, out string? error)
    {
        try
        {
            (var key, error) = ReadBlocks(domain, selector, pem);
            return key;
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException)
        {
            error = "the private key is damaged: its PEM block does not hold the structure that its label promises";
            return null;
        }
        catch (DllNotFoundException)
        {
            error = "Ed25519 keys need OpenSSL 3 (libcrypto.so.3), which is not installed";
            return null;
        }
    }

    private static (DkimKey? Key, string? Error) ReadBlocks(string domain, string selector, string pem)
    {
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var block))
        {
            var der = Convert.FromBase64String(rest[block.Base64Data].ToString());
            switch (rest[block.Label])
            {
                case "RSA PRIVATE KEY":
                    return Rsa(domain, selector, rsa => rsa.ImportRSAPrivateKey(der, out _));
                case "PRIVATE KEY":
                    return Pkcs8(domain, selector, der);
                case "ENCRYPTED PRIVATE KEY":
                    return (null, "the private key is encrypted; store it without a passphrase");
                case var label when label.EndsWith("PRIVATE KEY"):
                    return (null, $"a {label} cannot sign DKIM: it takes RSA (PKCS#1, PKCS#8) and Ed25519 (PKCS#8)");
            }
            rest = rest[block.Location.End..];
        }
        return (null, "no PEM block with an unencrypted private key (-----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----)");
    }

    private static (DkimKey? Key, string? Error) Pkcs8(string domain, string selector, byte[] der)
    {
        var info = new AsnReader(der, AsnEncodingRules.DER).ReadSequence(); // rfc5958#2
        info.ReadInteger();
        var algorithm = info.ReadSequence().ReadObjectIdentifier();
        switch (algorithm)
        {
            case RsaOid:
                return Rsa(domain, selector, rsa => rsa.ImportPkcs8PrivateKey(der, out _));
            case Ed25519Oid:
                var seed = new AsnReader(info.ReadOctetString(), AsnEncodingRules.DER).ReadOctetString();
                return seed.Length == Ed25519.KeyOctets
                    ? (new Ed25519DkimKey(domain, selector, seed), null)
                    : (null, $"an Ed25519 key has {Ed25519.KeyOctets} octets, this one {seed.Length}");
            default:
                return (null, $"a key of algorithm {algorithm} cannot sign DKIM: it takes RSA and Ed25519");
        }
    }

    private static (DkimKey? Key, string? Error) Rsa(string domain, string selector, Action<RSA> import)
    {
        var rsa = RSA.Create();
        try
        {
            import(rsa);
            // rfc8301#3.2: verifiers refuse less than 1024 bits, and need not know more than 4096
            if (rsa.KeySize is >= RsaDkimKey.MinBits and <= RsaDkimKey.MaxBits)
                return (new RsaDkimKey(domain, selector, rsa), null);
            var error = $"the RSA key has {rsa.KeySize} bits; DKIM takes {RsaDkimKey.MinBits} to {RsaDkimKey.MaxBits}";
            rsa.Dispose();
            return (null, error);
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
            throw;
        }
    }

    private static string GenerateRsa()
    {
        using var rsa = RSA.Create(2048); // rfc8301#3.2
        return rsa.ExportPkcs8PrivateKeyPem();
    }
}
