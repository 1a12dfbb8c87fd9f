using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Messages;
using Webcluster.Submission.Content;

namespace Webcluster.Submission.Sessions;

/// <summary>One mail transaction from MAIL on; a session has one that it clears and uses again.</summary>
internal sealed class Transaction : IDisposable
{
    private readonly HashSet<Mailbox> _known = [];
    private List<QueuedRecipient> _recipients = [];

    public Mailbox? ReversePath { get; private set; }

    public MailParameters Parameters { get; private set; } = MailParameters.None;

    public IReadOnlyList<QueuedRecipient> Recipients => _recipients;

    /// <summary>When MAIL came, as a timestamp.</summary>
    public long BegunAt { get; private set; }

    /// <summary>Null until content is taken.</summary>
    public ContentBuffer? Content { get; set; }

    /// <summary>Runs from the first octet of content to the last, through all of its chunks; null until content is taken.</summary>
    public ContentClock? Clock { get; set; }

    public int Chunks { get; set; }

    /// <summary>Recipients refused because there were too many.</summary>
    public int Overshoot { get; set; }

    public void Begin(SmtpCommand.Mail mail, long now)
    {
        ReversePath = mail.ReversePath;
        Parameters = mail.Parameters;
        BegunAt = now;
    }

    /// <summary>Adds a recipient; one that is there already stays as it was first given.</summary>
    public void Add(Mailbox address, RcptParameters parameters)
    {
        if (_known.Add(address)) _recipients.Add(new QueuedRecipient(address, parameters.Notify, parameters.OriginalRecipient));
    }

    public void Clear()
    {
        Dispose();
        _known.Clear();
        // The message that was accepted keeps its list.
        _recipients = [];
        ReversePath = null;
        Parameters = MailParameters.None;
        Clock = null;
        Chunks = 0;
        Overshoot = 0;
    }

    public void Dispose()
    {
        Content?.Dispose();
        Content = null;
    }
}
