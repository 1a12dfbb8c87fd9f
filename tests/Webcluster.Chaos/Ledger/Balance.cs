namespace Webcluster.Chaos.Ledger;

/// <summary>What got 250 against what came out. Pure.</summary>
internal sealed record Balance
{
    public required int Accepted { get; init; }

    /// <summary>Of those that were accepted for sure.</summary>
    public required int Delivered { get; init; }

    public required int Bounced { get; init; }

    /// <summary>Recipients whose mail got 250 and is nowhere, less what is still queued.</summary>
    public required int Lost { get; init; }

    /// <summary>Some of those that were not found, for whoever looks for them.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Arrivals beyond the first, of all mails.</summary>
    public required int Twice { get; init; }

    /// <summary>When and from which node the mails came that came more than once.</summary>
    public required IReadOnlyList<string> TwiceHow { get; init; }

    /// <summary>Of these, those that no node called possible.</summary>
    public required IReadOnlyList<string> Unmarked { get; init; }

    public required int Uncertain { get; init; }

    public required int UncertainArrived { get; init; }

    public static Balance Of(Books books)
    {
        var arrived = books.Arrivals.GroupBy(arrival => arrival.Recipient, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.OrderBy(arrival => arrival.At).ToList(), StringComparer.Ordinal);
        var missing = books.Accepted.Where(recipient => !arrived.ContainsKey(recipient) && !books.Bounced.Contains(recipient)).ToList();
        var twice = arrived.Where(mail => mail.Value.Count > 1).ToList();
        return new Balance
        {
            Accepted = books.Accepted.Count,
            Delivered = books.Accepted.Count(arrived.ContainsKey),
            Bounced = books.Accepted.Count(recipient => !arrived.ContainsKey(recipient) && books.Bounced.Contains(recipient)),
            Lost = (int)Math.Max(0, missing.Count - books.StillQueued),
            Missing = missing,
            Twice = twice.Sum(mail => mail.Value.Count - 1),
            TwiceHow = [.. twice.Select(mail => $"{mail.Key}: {string.Join(", ", mail.Value.Select(arrival => $"{arrival.At:HH:mm:ss.fff} from {arrival.Node ?? "?"}"))}")],
            Unmarked = [.. twice.Where(mail => !books.Marked.Contains(mail.Key)).Select(mail => mail.Key)],
            Uncertain = books.Uncertain.Count,
            UncertainArrived = books.Uncertain.Count(arrived.ContainsKey),
        };
    }
}
