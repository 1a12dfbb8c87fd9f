using System.Security.Cryptography;

namespace Webcluster.Protocol.Dkim;

/// <summary>PureEdDSA over Curve25519 (RFC 8032), by OpenSSL.</summary>
internal static class Ed25519
{
    internal const int KeyOctets = 32;
    internal const int SignatureOctets = 64;

    /// <param name="seed">The 32 octets of the private key (RFC 8032 §5.1.5).</param>
    internal static EvpKeyHandle ImportPrivateKey(ReadOnlySpan<byte> seed)
    {
        var key = Libcrypto.NewRawPrivateKey(Libcrypto.Ed25519, 0, seed, (nuint)seed.Length);
        return key.IsInvalid ? throw Failed("EVP_PKEY_new_raw_private_key") : key;
    }

    internal static byte[] PublicKey(EvpKeyHandle privateKey)
    {
        var octets = new byte[KeyOctets];
        var length = (nuint)octets.Length;
        return Libcrypto.GetRawPublicKey(privateKey, octets, ref length) == 1 ? octets : throw Failed("EVP_PKEY_get_raw_public_key");
    }

    internal static byte[] Sign(EvpKeyHandle privateKey, ReadOnlySpan<byte> message)
    {
        using var context = Libcrypto.NewContext();
        var signature = new byte[SignatureOctets];
        var length = (nuint)signature.Length;
        if (context.IsInvalid
            || Libcrypto.DigestSignInit(context, 0, 0, 0, privateKey) != 1
            || Libcrypto.DigestSign(context, signature, ref length, message, (nuint)message.Length) != 1)
            throw Failed("EVP_DigestSign");
        return signature;
    }

    /// <summary>False for a wrong signature and for octets that are no public key.</summary>
    internal static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        using var key = Libcrypto.NewRawPublicKey(Libcrypto.Ed25519, 0, publicKey, (nuint)publicKey.Length);
        using var context = Libcrypto.NewContext();
        var valid = !key.IsInvalid && !context.IsInvalid
            && Libcrypto.DigestVerifyInit(context, 0, 0, 0, key) == 1
            && Libcrypto.DigestVerify(context, signature, (nuint)signature.Length, message, (nuint)message.Length) == 1;
        if (!valid)
            Libcrypto.ClearErrors();
        return valid;
    }

    private static CryptographicException Failed(string call)
    {
        Libcrypto.ClearErrors();
        return new CryptographicException($"OpenSSL refused {call} for Ed25519");
    }
}
