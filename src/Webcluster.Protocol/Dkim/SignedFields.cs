using System.Diagnostics;

namespace Webcluster.Protocol.Dkim;

/// <summary>
/// Which fields are signed: those of RFC 6376 §5.4.1 and what says how to read the body, each instance that is present. Never trace fields
/// (Received, Return-Path, Authentication-Results), which relays add and remove.
/// <para>
/// Over-signed once more means that adding one breaks the signature. The price is that a relay or list which adds it breaks it too, so:
/// </para>
/// <list type="bullet">
/// <item><see cref="OverSign.Always"/>: fields of which a message has one at most and which decide what a reader sees or where an answer
/// goes (RFC 6376 §8.15). Without this, a replayed message gets a second Subject, a Reply-To, or a Content-Type that shows the body as
/// something else. A list that sets Reply-To breaks this, as it mostly breaks the signature by a Subject prefix or a footer anyway.</item>
/// <item><see cref="OverSign.IfPresent"/>: fields that lists add as they should (Sender, List-Unsubscribe, RFC 2369, RFC 8058) or that are
/// harmless when absent. Present, none may be added; absent, a list that leaves the rest alone keeps the signature whole.</item>
/// <item><see cref="OverSign.Never"/>: fields that may stand several times, or come with resending and lists.</item>
/// </list>
/// </summary>
internal static class SignedFields
{
    private enum OverSign { Never, IfPresent, Always }

    private static readonly (byte[] Name, OverSign OverSign)[] Table =
    [
        ("From"u8.ToArray(), OverSign.Always),
        ("Reply-To"u8.ToArray(), OverSign.Always),
        ("Subject"u8.ToArray(), OverSign.Always),
        ("Date"u8.ToArray(), OverSign.Always),
        ("To"u8.ToArray(), OverSign.Always),
        ("Cc"u8.ToArray(), OverSign.Always),
        ("Message-ID"u8.ToArray(), OverSign.Always),
        ("MIME-Version"u8.ToArray(), OverSign.Always),
        ("Content-Type"u8.ToArray(), OverSign.Always),
        ("Content-Transfer-Encoding"u8.ToArray(), OverSign.IfPresent),
        ("Sender"u8.ToArray(), OverSign.IfPresent),
        ("In-Reply-To"u8.ToArray(), OverSign.IfPresent),
        ("References"u8.ToArray(), OverSign.IfPresent),
        ("List-Unsubscribe"u8.ToArray(), OverSign.IfPresent), // rfc8058#4
        ("List-Unsubscribe-Post"u8.ToArray(), OverSign.IfPresent),
        ("List-Id"u8.ToArray(), OverSign.Never),
        ("List-Help"u8.ToArray(), OverSign.Never),
        ("List-Subscribe"u8.ToArray(), OverSign.Never),
        ("List-Post"u8.ToArray(), OverSign.Never),
        ("List-Owner"u8.ToArray(), OverSign.Never),
        ("List-Archive"u8.ToArray(), OverSign.Never),
        ("Resent-Date"u8.ToArray(), OverSign.Never),
        ("Resent-From"u8.ToArray(), OverSign.Never),
        ("Resent-To"u8.ToArray(), OverSign.Never),
        ("Resent-Cc"u8.ToArray(), OverSign.Never),
        ("CFBL-Address"u8.ToArray(), OverSign.Never), // RFC 9477: not signed, it is not to be used
        ("CFBL-Feedback-ID"u8.ToArray(), OverSign.Never),
        ("X-Webcluster-Ref"u8.ToArray(), OverSign.Never), // by which a complaint finds its message
        ("Feedback-ID"u8.ToArray(), OverSign.Never), // complaint reports by campaign count only when signed
    ];

    /// <summary>The names for h=, in the table's order, each as often as it is signed.</summary>
    internal static List<ReadOnlyMemory<byte>> Choose(SignableHeader header)
    {
        var names = new List<ReadOnlyMemory<byte>>(32);
        foreach (var (name, overSign) in Table)
        {
            var present = header.CountOf(name);
            var mentions = overSign switch
            {
                OverSign.Always => present + 1,
                OverSign.IfPresent => present > 0 ? present + 1 : 0,
                OverSign.Never => present,
                _ => throw new UnreachableException(),
            };
            for (; mentions > 0; mentions--)
                names.Add(name);
        }
        return names;
    }
}
