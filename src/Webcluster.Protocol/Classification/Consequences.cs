namespace Webcluster.Protocol.Classification;

/// <summary>The consequence of each class, as one table.</summary>
public static class Consequences
{
    /// <summary>To keep mail from an address that exists is the error that does harm, and so is to go on where a server said never; so
    /// only a rule, and only one this sure, suppresses, or retries after 5yz.</summary>
    public const double SureEnough = 0.9;

    private static readonly Consequence[] Table = Create();

    public static Consequence Of(BounceClass bounceClass) => Table[(int)bounceClass];

    /// <summary>A sure rule read it so. The learned classifier has not read the words as the person who wrote a rule has.</summary>
    public static bool IsSure(this ReplyClassification answer) => answer is { By: ClassifiedBy.Rule, Confidence: >= SureEnough };

    /// <summary>Whether this answer puts its address on the suppression list: its class does, the remote said that it is final, and it is
    /// sure.</summary>
    public static bool Suppresses(this ReplyClassification answer) =>
        answer.Permanent == true && answer.IsSure() && Of(answer.Class).Suppress;

    /// <summary>Whether the same mail is worth another attempt: always where the remote said so, and else where its class speaks of this
    /// moment only and the answer is sure.</summary>
    public static bool Retries(this ReplyClassification answer) =>
        answer.Permanent == false || (answer.IsSure() && Of(answer.Class).Retry == RetryWhen.Always);

    /// <summary>Whether an address that fails so again and again is one that nobody reads: it is about the recipient, does not suppress by
    /// itself, and is sure.</summary>
    public static bool IsSoftFailure(this ReplyClassification answer) =>
        answer.IsSure() && !answer.Suppresses()
            && answer.Class is (BounceClass.InvalidRecipient or BounceClass.MailboxFull or BounceClass.InactiveMailbox);

    /// <summary>Whether the source that got this answer is to send less, once there are several. Nothing was sure of what only the codes
    /// say.</summary>
    public static bool SlowsSource(this ReplyClassification answer) => answer.By != ClassifiedBy.Code && Of(answer.Class).SlowSource;

    /// <summary>Whether a person is to be told.</summary>
    public static bool Alarms(this ReplyClassification answer) => answer.By != ClassifiedBy.Code && Of(answer.Class).Alarm;

    private static Consequence[] Create()
    {
        var table = new Consequence[Enum.GetValues<BounceClass>().Length];
        foreach (var each in Enum.GetValues<BounceClass>()) table[(int)each] = Entry(each);
        return table;
    }

    private static Consequence Entry(BounceClass bounceClass) => bounceClass switch
    {
        //                                              retry                suppress  slow   alarm
        BounceClass.InvalidRecipient => new Consequence(RetryWhen.Temporary, true, false, false),
        BounceClass.MailboxFull => new Consequence(RetryWhen.Temporary, false, false, false),
        BounceClass.InactiveMailbox => new Consequence(RetryWhen.Temporary, true, false, false),
        BounceClass.Policy => new Consequence(RetryWhen.Temporary, false, false, false),
        BounceClass.SpamContent => new Consequence(RetryWhen.Temporary, false, false, true),
        BounceClass.IpReputation => new Consequence(RetryWhen.Temporary, false, true, true),
        BounceClass.DomainReputation => new Consequence(RetryWhen.Temporary, false, true, true),
        BounceClass.AuthFailure => new Consequence(RetryWhen.Temporary, false, false, true),
        BounceClass.RateLimited => new Consequence(RetryWhen.Always, false, true, false),
        BounceClass.Greylisted => new Consequence(RetryWhen.Always, false, false, false),
        BounceClass.MessageTooLarge => new Consequence(RetryWhen.Temporary, false, false, false),
        BounceClass.DnsFailure => new Consequence(RetryWhen.Temporary, false, false, false),
        BounceClass.ConnectionFailure => new Consequence(RetryWhen.Always, false, false, false),
        BounceClass.ProtocolError => new Consequence(RetryWhen.Temporary, false, false, true),
        BounceClass.RelayDenied => new Consequence(RetryWhen.Temporary, false, false, true),
        BounceClass.TransientOther => new Consequence(RetryWhen.Temporary, false, false, false),
        BounceClass.PermanentOther => new Consequence(RetryWhen.Temporary, false, false, false),
        _ => throw new ArgumentOutOfRangeException(nameof(bounceClass)),
    };
}
