using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Reports;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue.Events;

namespace Webcluster.Submission.Returns;

/// <summary>What is known of a message that is reported of: from its events, and, where these are gone, from its token. Pure.</summary>
internal sealed class KnownMessage
{
    /// <summary>Addresses of one mail that are compared with a token for every tenant there is.</summary>
    private const int MostCompared = 20;

    private readonly Dictionary<string, Mailbox> _recipients = new(StringComparer.OrdinalIgnoreCase);
    private readonly IReadOnlyList<StoredEvent> _timeline;
    private readonly ReturnToken _token;
    private readonly KnownTenants _tenants;
    private int _compared;

    public KnownMessage(ReturnToken token, IReadOnlyList<StoredEvent> timeline, KnownTenants tenants)
    {
        (_token, _timeline, _tenants) = (token, timeline, tenants);
        Origin = timeline.FirstOrDefault(stored => stored.Event.Tenant is not null)?.Event;
        foreach (var (_, happened) in timeline)
        {
            foreach (var recipient in happened.Recipients ?? []) Add(recipient);
            if (happened.Recipient is { } one) Add(one);
        }
    }

    /// <summary>The first event that says whose message it is; null where all is forgotten.</summary>
    public MailEvent? Origin { get; }

    /// <summary>
    /// Whom a report is about: the recipient that the token marks, else the one that the report names, else the only one. Never somebody the
    /// message did not go to: of a forgotten message it is whom the report names, if the token marks that one.
    /// </summary>
    public Addressee AddresseeOf(MailReport report)
    {
        Mailbox[] named = [.. new[] { Parse(report.OriginalRecipient), Parse(report.Recipient) }.OfType<Mailbox>()];
        var about = _token.Recipient == RecipientMark.Several ? Named(named) : Marked(_recipients.Values.Concat(named));
        return about with { IsAnother = named.Length > 0 && !Array.Exists(named, about.Is) };
    }

    /// <summary>How it went out to a recipient: the last event about that one; null where there is none.</summary>
    public MailEvent? LastOf(string? recipient) => recipient is null
        ? null
        : _timeline.LastOrDefault(stored => recipient.Equals(stored.Event.Recipient, StringComparison.OrdinalIgnoreCase))?.Event;

    /// <summary>Has it been told already?</summary>
    /// <param name="isHard">It is reason enough to suppress: then only where it did.</param>
    public bool IsTold(MailEvent happened, bool isHard) => _timeline.Any(stored => stored.Event.Kind == happened.Kind
        && string.Equals(stored.Event.Recipient, happened.Recipient, StringComparison.OrdinalIgnoreCase)
        && (!isHard || stored.Event.Suppressing == true));

    private Addressee Named(Mailbox[] named)
    {
        foreach (var candidate in named)
            if (_recipients.TryGetValue(candidate.ToString(), out var recipient)) return new Addressee(Origin?.Tenant, recipient);
        return new Addressee(Origin?.Tenant, _recipients.Count == 1 ? _recipients.Values.Single() : null);
    }

    private Addressee Marked(IEnumerable<Mailbox> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (Origin is null && _compared++ >= MostCompared) break;
            foreach (var tenant in Origin?.Tenant is { } known ? [known] : _tenants.Names)
                if (IsMarked(tenant, candidate)) return new Addressee(tenant, candidate);
            // Marks of older tokens say nothing of the tenant.
            if (IsMarked("", candidate)) return new Addressee(Origin?.Tenant, candidate);
        }

        return new Addressee(Origin?.Tenant, null);
    }

    private bool IsMarked(string tenant, Mailbox recipient) => RecipientMark.Of(_token.Message, tenant, recipient) == _token.Recipient;

    private void Add(string recipient)
    {
        if (Parse(recipient) is { } address) _recipients.TryAdd(recipient, address);
    }

    private static Mailbox? Parse(string? address) => address is not null && Mailbox.TryParse(address, out var mailbox) ? mailbox : null;
}

/// <param name="Tenant">Whose message it was; null where nobody knows any more.</param>
/// <param name="Recipient">Null: none that it is known to have gone to.</param>
internal readonly record struct Addressee(string? Tenant, Mailbox? Recipient)
{
    /// <summary>The report names only others: those that its mail is passed on to, perhaps some of many.</summary>
    public bool IsAnother { get; init; }

    public bool Is(Mailbox other) => string.Equals(Recipient?.ToString(), other.ToString(), StringComparison.OrdinalIgnoreCase);
}
