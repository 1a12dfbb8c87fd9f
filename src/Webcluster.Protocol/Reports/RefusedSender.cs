using Webcluster.Protocol.Classification;

namespace Webcluster.Protocol.Reports;

/// <summary>Refusals that speak of the sender in the words that stand for recipients. Many servers judge him only at RCPT, some by asking
/// his own server: "550 &lt;his address&gt;: no such user" is then the answer for all recipients.</summary>
public static class RefusedSender
{
    /// <param name="found">What the words mean.</param>
    /// <param name="sender">The envelope's return path; empty: unknown. One with a token of a cluster is known without it.</param>
    /// <param name="recipients">The names that the recipient has.</param>
    /// <returns>What was found; a policy where that is about a recipient, and the reply names the return path and none of these.</returns>
    public static ReplyClassification Meaning(
        ReplyClassification found, string reply, string? sender, params ReadOnlySpan<string?> recipients)
    {
        if (found.Class is not (BounceClass.InvalidRecipient or BounceClass.InactiveMailbox or BounceClass.MailboxFull)) return found;
        // Whole ones: "ann@a.example" is the end of "joann@a.example".
        var named = AddressText.All(reply, most: 10);
        if (!Names(named, sender) && ReferenceText.Of(reply) is null) return found;
        foreach (var recipient in recipients)
            if (Names(named, recipient)) return found;
        return found with { Class = BounceClass.Policy };
    }

    private static bool Names(List<string> named, string? address) =>
        !string.IsNullOrEmpty(address) && named.Contains(address, StringComparer.OrdinalIgnoreCase);
}
