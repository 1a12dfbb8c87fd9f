using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Webcluster.Protocol.Dkim;

/// <summary>A key record from DNS (RFC 6376 §3.6.1, RFC 8463 §4): whether it may verify a signature, and whether it does.</summary>
internal sealed class KeyRecord
{
    internal const int MaxOctets = 16 * 1024;
    private const int MaxRsaBits = 8192;

    private DkimAlgorithm _algorithm;
    private byte[] _key = [];
    private bool _forbidsSubdomain;

    private KeyRecord()
    {
    }

    /// <summary>t=y: the signer is testing, so a message with this signature is to be treated like an unsigned one.</summary>
    internal bool IsTesting { get; private set; }

    internal static DkimProblem Parse(string text, out KeyRecord record)
    {
        record = new KeyRecord();
        if (text.Length > MaxOctets)
            return DkimProblem.BadKeyRecord;
        if (TagList.Parse(Encoding.UTF8.GetBytes(text), out var tags) != DkimProblem.None)
            return DkimProblem.BadKeyRecord;
        // rfc6376#3.6.1: v= is optional, but first, and DKIM1
        if (tags.TryGet("v"u8, out var version) && !(tags.IsFirst("v"u8) && version.Span.SequenceEqual("DKIM1"u8)))
            return DkimProblem.BadKeyRecord;
        var usage = record.ReadUsage(tags);
        return usage != DkimProblem.None ? usage : record.ReadKey(tags);
    }

    /// <summary>Does the signature over this hash come from this key?</summary>
    internal DkimProblem Verify(SignatureField signature, ReadOnlySpan<byte> hash) => _algorithm switch
    {
        DkimAlgorithm.RsaSha256 => VerifyRsa(signature.Signature, hash),
        DkimAlgorithm.Ed25519Sha256 => Ed25519.Verify(_key, hash, signature.Signature) ? DkimProblem.None : DkimProblem.SignatureWrong,
        _ => throw new UnreachableException(),
    };

    /// <summary>rfc6376#6.1.2: may this key verify this signature at all?</summary>
    internal DkimProblem Admits(SignatureField signature)
    {
        if (_algorithm != signature.Algorithm)
            return DkimProblem.KeyForOtherAlgorithm;
        return _forbidsSubdomain && signature.IsIdentityInSubdomain ? DkimProblem.KeyForbidsSubdomain : DkimProblem.None;
    }

    private DkimProblem ReadUsage(TagList tags)
    {
        if (tags.TryGet("h"u8, out var hashes) && !SignatureSyntax.Lists(hashes.Span, "sha256"u8))
            return DkimProblem.KeyForOtherHash;
        if (tags.TryGet("s"u8, out var services)
            && !SignatureSyntax.Lists(services.Span, "*"u8)
            && !SignatureSyntax.Lists(services.Span, "email"u8))
            return DkimProblem.KeyForOtherService;
        if (tags.TryGet("t"u8, out var flags))
        {
            IsTesting = SignatureSyntax.Lists(flags.Span, "y"u8);
            _forbidsSubdomain = SignatureSyntax.Lists(flags.Span, "s"u8);
        }
        return DkimProblem.None;
    }

    private DkimProblem ReadKey(TagList tags)
    {
        var type = tags.TryGet("k"u8, out var k) ? k.Span : "rsa"u8;
        if (Ascii.EqualsIgnoreCase(type, "rsa"u8))
            _algorithm = DkimAlgorithm.RsaSha256;
        else if (Ascii.EqualsIgnoreCase(type, "ed25519"u8))
            _algorithm = DkimAlgorithm.Ed25519Sha256;
        else
            return DkimProblem.KeyForOtherAlgorithm;

        if (!tags.TryGet("p"u8, out var key))
            return DkimProblem.BadKeyRecord;
        if (key.IsEmpty)
            return DkimProblem.KeyRevoked;
        if (SignatureSyntax.Base64Octets(key.Span) is not { } octets)
            return DkimProblem.BadKeyRecord;
        _key = octets;
        return _algorithm == DkimAlgorithm.Ed25519Sha256 && octets.Length != Ed25519.KeyOctets
            ? DkimProblem.BadKeyRecord
            : DkimProblem.None;
    }

    private DkimProblem VerifyRsa(byte[] signature, ReadOnlySpan<byte> hash)
    {
        using var rsa = RSA.Create();
        if (!TryImport(rsa))
            return DkimProblem.BadKeyRecord;
        if (rsa.KeySize < RsaDkimKey.MinBits) // rfc8301#3.2
            return DkimProblem.KeyTooSmall;
        if (rsa.KeySize > MaxRsaBits)
            return DkimProblem.KeyTooLarge;
        return rsa.VerifyHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            ? DkimProblem.None
            : DkimProblem.SignatureWrong;
    }

    /// <summary>A SubjectPublicKeyInfo, as nearly all publish it, or the bare RSAPublicKey, as RFC 6376 §3.6.1 says.</summary>
    private bool TryImport(RSA rsa)
    {
        try
        {
            rsa.ImportSubjectPublicKeyInfo(_key, out var read);
            return read == _key.Length;
        }
        catch (CryptographicException)
        {
            return TryImportBare(rsa);
        }
    }

    private bool TryImportBare(RSA rsa)
    {
        try
        {
            rsa.ImportRSAPublicKey(_key, out var read);
            return read == _key.Length;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
