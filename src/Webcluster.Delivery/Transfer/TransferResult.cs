using Webcluster.Delivery.Wire;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Delivery.Transfer;

/// <summary>
/// What one transaction came to: facts only, no meaning. Each recipient has the reply that decided it: the refusal of MAIL or of its RCPT,
/// of DATA, or the reply to the final dot; null where none came before the trouble.
/// </summary>
/// <param name="Replies">In the order of the recipients that were given.</param>
/// <param name="Decided">The command that each reply answered.</param>
/// <param name="Trouble">Not null: the connection must not be used again.</param>
/// <param name="DotSent">The final dot was sent: a recipient without a reply may have its mail.</param>
public sealed record TransferResult(IReadOnlyList<SmtpReply?> Replies, IReadOnlyList<Stage> Decided, Trouble? Trouble, bool DotSent)
{
    /// <summary>Recipients that the server said yes to, whatever came of them after that.</summary>
    internal int Accepted { get; init; }

    /// <summary>Each reply once, however many recipients it is about; two alike are two.</summary>
    internal IEnumerable<(SmtpReply Reply, Stage Stage)> Refusals()
    {
        var all = Replies.Zip(Decided).Append((Trouble?.Reply, Trouble?.Stage ?? default));
        foreach (var (reply, stage) in all.DistinctBy(one => one.Item1))
            if (reply is { IsTransient: true } or { IsPermanent: true })
                yield return (reply, stage);
    }
}

/// <summary>Why a message is not offered to a server at all.</summary>
public enum Unsendable { TooLarge, NeedsEightBitMime, NeedsSmtpUtf8, NeedsRequireTls }
