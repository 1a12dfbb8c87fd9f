using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Reports;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue.Events;

namespace Webcluster.Submission.Returns;

/// <summary>What the events of a message still say of it. Pure.</summary>
internal sealed class KnownMessage
{
    private readonly Dictionary<string, Mailbox> _recipients = new(StringComparer.OrdinalIgnoreCase);
    private readonly IReadOnlyList<StoredEvent> _timeline;
    private readonly ReturnToken _token;

    public KnownMessage(ReturnToken token, IReadOnlyList<StoredEvent> timeline)
    {
        _token = token;
        _timeline = timeline;
        foreach (var (_, happened) in timeline)
        {
            foreach (var recipient in happened.Recipients ?? []) Add(recipient);
            if (happened.Recipient is { } one) Add(one);
        }
    }

    /// <summary>The first event that says whose message it is; null where all is forgotten.</summary>
    public MailEvent? Origin => _timeline.FirstOrDefault(stored => stored.Event.Tenant is not null)?.Event;

    /// <summary>
    /// Whom a report is about: the recipient that the token marks, else the one that the report names, else the only one. Null where it is none of
    /// these; never somebody the message did not go to.
    /// </summary>
    public Mailbox? RecipientOf(MailReport report)
    {
        Mailbox?[] named = [Parse(report.OriginalRecipient), Parse(report.Recipient)];
        if (_token.Recipient != RecipientMark.Several)
            return _recipients.Values.Concat(named.OfType<Mailbox>()).FirstOrDefault(IsMarked);
        foreach (var candidate in named)
            if (candidate is not null && _recipients.TryGetValue(candidate.ToString(), out var recipient)) return recipient;
        return _recipients.Count == 1 ? _recipients.Values.Single() : null;
    }

    /// <summary>How it went out to a recipient: the last event about that one; null where there is none.</summary>
    public MailEvent? LastOf(string? recipient) => recipient is null
        ? null
        : _timeline.LastOrDefault(stored => recipient.Equals(stored.Event.Recipient, StringComparison.OrdinalIgnoreCase))?.Event;

    public bool Has(MailEventKind kind, string? recipient) => _timeline.Any(stored => stored.Event.Kind == kind
        && string.Equals(stored.Event.Recipient, recipient, StringComparison.OrdinalIgnoreCase));

    private bool IsMarked(Mailbox recipient) => RecipientMark.Of(_token.Message, recipient) == _token.Recipient;

    private void Add(string recipient)
    {
        if (Parse(recipient) is { } address) _recipients.TryAdd(recipient, address);
    }

    private static Mailbox? Parse(string? address) => address is not null && Mailbox.TryParse(address, out var mailbox) ? mailbox : null;
}
