using System.Globalization;
using System.Security.Cryptography;
using Webcluster.Protocol.Buffers;
using Webcluster.Protocol.Headers;

namespace Webcluster.Protocol.Dkim;

public enum Canonicalization { Simple, Relaxed }

/// <summary>
/// How to sign. Which fields, is not a choice: those of RFC 6376 §5.4.1 and the MIME ones, each instance that is present. Over-signed, so
/// that none can be added, are From, Reply-To, Subject, Date, To, Cc, Message-ID, MIME-Version and Content-Type always, and Sender,
/// In-Reply-To, References, Content-Transfer-Encoding, List-Unsubscribe and List-Unsubscribe-Post where present.
/// </summary>
public sealed record DkimSigningPolicy(Canonicalization Header, Canonicalization Body)
{
    public static DkimSigningPolicy Default { get; } = new(Canonicalization.Relaxed, Canonicalization.Relaxed);
}

/// <summary>Makes DKIM-Signature fields (RFC 6376, 8301, 8463). Pure.</summary>
public static class DkimSigner
{
    /// <summary>
    /// Signs a message with each key. The header may be in two parts: <paramref name="added"/> stands in front of the message (whole
    /// fields with CRLF, e.g. Received, Date), then <paramref name="message"/>. The body is hashed once for all keys, and always whole:
    /// l= is never written.
    /// </summary>
    /// <param name="at">t=, whole seconds.</param>
    /// <param name="arrived">The hash of what arrived, taken meanwhile; it counts where that is the body of this message. The caller vouches
    /// that bodies of one length are the same one.</param>
    /// <returns>The DKIM-Signature fields, each ending in CRLF, one a key, to stand before <paramref name="added"/>.</returns>
    public static byte[] Sign(
        ReadOnlyMemory<byte> added, HeaderBlock message, IReadOnlyList<DkimKey> keys, DkimSigningPolicy policy, DateTimeOffset at,
        BodyHash? arrived = null)
    {
        if (keys.Count == 0)
            return [];
        var body = message.Message.Span[message.BodyOffset..];
        var bodyHash = arrived is not null && arrived.Kind == policy.Body && arrived.Length == body.Length
            ? arrived
            : BodyHash.Of(policy.Body, body);
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

        var header = new SignableHeader(added.IsEmpty ? null : HeaderBlock.Scan(added), message);
        var names = SignedFields.Choose(header);
        using var fields = new RentedWriter(added.Length + message.HeaderLength + 2048);
        CanonicalHeader.AppendFields(header, names, policy.Header, signature: -1, fields);

        using var output = new RentedWriter(keys.Count * 2048);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (var key in keys)
        {
            var writer = new SignatureWriter(output);
            writer.Begin();
            writer.Tag("v"u8, "1");
            writer.Tag("a"u8, SignatureSyntax.Name(key.Algorithm));
            writer.Tag("c"u8, SignatureSyntax.Name(policy.Header, policy.Body));
            writer.Tag("d"u8, key.Domain);
            writer.Tag("s"u8, key.Selector);
            writer.Tag("t"u8, time);
            writer.SignedNames(names);
            writer.Tag("bh"u8, bodyHash.Text);
            writer.EmptySignature();
            CanonicalHeader.Hash(fields, writer.Unsigned, policy.Header, hash);
            writer.Signature(key.SignHash(hash));
        }
        return output.Written.ToArray();
    }
}
