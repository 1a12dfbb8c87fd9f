using Webcluster.Delivery.Wire;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Delivery.Transfer;

/// <summary>The replies of one transaction as they come in. A recipient that has its reply keeps it, whatever comes after.</summary>
internal sealed class Transaction(int recipients)
{
    private readonly SmtpReply?[] _replies = new SmtpReply?[recipients];
    private readonly Stage[] _decided = new Stage[recipients];
    private readonly bool[] _accepted = new bool[recipients];

    public int Accepted { get; private set; }

    public Trouble? Trouble { get; set; }

    public bool DotSent { get; set; }

    public bool IsOver { get; set; }

    public void Recipient(int index, SmtpReply reply)
    {
        if (_replies[index] is not null) return;
        if (reply.IsPositive)
        {
            _accepted[index] = true;
            Accepted++;
        }
        else
        {
            Decide(index, Stage.Rcpt, reply);
        }
    }

    /// <summary>
    /// A reply that decides for all recipients that have none yet: every one (MAIL), or the accepted ones (DATA, final dot).
    /// </summary>
    public void Rest(Stage stage, SmtpReply reply)
    {
        for (var i = 0; i < _replies.Length; i++)
            if (_replies[i] is null && (stage == Stage.Mail || _accepted[i]))
                Decide(i, stage, reply);
    }

    public TransferResult Result() => new(_replies, _decided, Trouble, DotSent) { Accepted = Accepted };

    private void Decide(int index, Stage stage, SmtpReply reply)
    {
        _replies[index] = reply;
        _decided[index] = stage;
    }
}
