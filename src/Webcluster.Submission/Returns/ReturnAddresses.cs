using System.Collections.Frozen;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Tokens;
using Webcluster.Submission.Unsubscribing;

namespace Webcluster.Submission.Returns;

/// <summary>What an address at a return listener is for.</summary>
internal enum ReturnAddressKind
{
    /// <summary>Nothing here: whoever wants it sent on is refused.</summary>
    None,

    /// <summary>A return path, with whatever token.</summary>
    ReturnPath,

    /// <summary>Takes links for unsubscribing as subjects.</summary>
    Unsubscribe,

    /// <summary>Takes complaints, and what people write to those who run a mail server.</summary>
    Feedback,
}

/// <summary>The addresses that a return listener knows. Pure.</summary>
/// <param name="hostName">Of this server: it has a postmaster too.</param>
internal sealed class ReturnAddresses(ReturnPaths paths, IEnumerable<Mailbox> feedback, string hostName, bool takesUnsubscribe)
{
    // rfc2142#4 and what feedback loops are told.
    private static readonly FrozenSet<string> Roles = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "postmaster", "abuse", "fbl");

    private readonly FrozenSet<string> _feedback = feedback.Select(Key).ToFrozenSet(StringComparer.Ordinal);

    public ReturnAddressKind KindOf(Mailbox address)
    {
        if (paths.IsReturnPath(address)) return ReturnAddressKind.ReturnPath;
        if (_feedback.Contains(Key(address))) return ReturnAddressKind.Feedback;
        // rfc5321#4.5.1: mail to postmaster is taken wherever mail is.
        if (address.Domain == hostName && address.LocalPart.Equals("postmaster", StringComparison.OrdinalIgnoreCase))
            return ReturnAddressKind.Feedback;
        if (!paths.Domains.Contains(address.Domain)) return ReturnAddressKind.None;
        if (Roles.Contains(address.LocalPart)) return ReturnAddressKind.Feedback;
        return takesUnsubscribe && address.LocalPart.Equals(UnsubscribeLinks.LocalPart, StringComparison.OrdinalIgnoreCase)
            ? ReturnAddressKind.Unsubscribe
            : ReturnAddressKind.None;
    }

    private static string Key(Mailbox address) => $"{address.LocalPart.ToLowerInvariant()}@{address.Domain}";
}
