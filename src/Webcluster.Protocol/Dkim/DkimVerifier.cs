using Webcluster.Protocol.Headers;

namespace Webcluster.Protocol.Dkim;

/// <summary>What came of one signature, in the words of RFC 8601 §2.7.1.</summary>
public enum DkimStatus { Pass, Fail, PermError, TempError, Neutral }

/// <param name="Domain">d=, lower-case A-labels; empty where it could not be read.</param>
/// <param name="Selector">s=; empty where it could not be read.</param>
/// <param name="Reason">For people; empty on Pass.</param>
public sealed record DkimResult(DkimStatus Status, string Domain, string Selector, string Reason)
{
    /// <summary>The key record says t=y: treat the message as unsigned, whatever the status is (RFC 6376 §3.6.1).</summary>
    public bool IsTesting { get; init; }

    /// <summary>Octets of the canonical body that stand behind l=. Anybody may have written them, even on Pass.</summary>
    public long UnsignedBodyOctets { get; init; }
}

/// <summary>
/// Looks a key record up: the TXT strings at the name, joined per record; null when DNS failed for now, empty when there is none.
/// </summary>
public delegate ValueTask<IReadOnlyList<string>?> DkimKeyLookup(string name, CancellationToken cancellation);

/// <summary>Verifies the DKIM-Signature fields of a message (RFC 6376 §6), at most <see cref="MaxSignatures"/> of them.</summary>
public static class DkimVerifier
{
    public const int MaxSignatures = 10;

    /// <param name="now">What x= and t= are compared with.</param>
    /// <returns>One result a signature, from the top; those beyond the most are not looked at. Empty for an unsigned message.</returns>
    public static async ValueTask<IReadOnlyList<DkimResult>> VerifyAsync(
        ReadOnlyMemory<byte> message, DkimKeyLookup lookup, DateTimeOffset now, CancellationToken cancellation)
    {
        var header = HeaderBlock.Scan(message);
        var check = new SignatureCheck(header, now);
        var results = new List<DkimResult>();
        for (var index = 0; index < header.Fields.Length && results.Count < MaxSignatures; index++)
        {
            if (header.Is(header.Fields[index], "DKIM-Signature"u8))
                results.Add(await check.RunAsync(index, lookup, cancellation));
        }
        return results;
    }
}
