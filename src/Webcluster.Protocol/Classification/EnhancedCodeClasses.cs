using Webcluster.Protocol.Classification.Text;

namespace Webcluster.Protocol.Classification;

/// <summary>What the codes alone say. Many servers choose them carelessly, so this is the last that is asked.</summary>
internal static class EnhancedCodeClasses
{
    /// <summary>Of an enhanced code that says more than "something".</summary>
    private const double Told = 0.5;

    private const double Guessed = 0.3;

    public static (BounceClass Class, double Confidence) Of(in ReplyText reply)
    {
        var other = reply.Permanent == false ? BounceClass.TransientOther : BounceClass.PermanentOther;
        var enhanced = reply.Enhanced;
        var found = enhanced.IsNone ? OfReplyCode(reply.Code, other) : OfEnhanced(enhanced.Subject, enhanced.Detail, other);
        return (found, found == other ? Guessed : Told);
    }

    // rfc5321#4.2.3, rfc4954#6
    private static BounceClass OfReplyCode(int code, BounceClass other) => code switch
    {
        500 or 501 or 502 or 503 or 504 or 555 => BounceClass.ProtocolError,
        530 or 534 or 535 or 538 => BounceClass.Policy,
        551 => BounceClass.InvalidRecipient,
        // rfc7504#3
        521 or 556 => BounceClass.DnsFailure,
        _ => other,
    };

    private static BounceClass OfEnhanced(int subject, int detail, BounceClass other) => subject switch
    {
        1 => OfAddress(detail, other),
        2 => OfMailbox(detail, other),
        // rfc3463#3.4
        3 => detail switch { 4 => BounceClass.MessageTooLarge, 3 or 6 => BounceClass.ProtocolError, _ => other },
        4 => OfNetwork(detail, other),
        // rfc3463#3.6
        5 => detail == 3 ? BounceClass.RateLimited : BounceClass.ProtocolError,
        6 => other,
        7 => OfSecurity(detail, other),
        _ => other,
    };

    // rfc3463#3.2, rfc7505#4
    private static BounceClass OfAddress(int detail, BounceClass other) => detail switch
    {
        1 or 3 or 4 or 6 => BounceClass.InvalidRecipient,
        2 or 10 => BounceClass.DnsFailure,
        7 or 8 or 9 => BounceClass.Policy,
        _ => other,
    };

    // rfc3463#3.3
    private static BounceClass OfMailbox(int detail, BounceClass other) => detail switch
    {
        1 => BounceClass.InactiveMailbox,
        2 => BounceClass.MailboxFull,
        3 => BounceClass.MessageTooLarge,
        _ => other,
    };

    // rfc3463#3.5
    private static BounceClass OfNetwork(int detail, BounceClass other) => detail switch
    {
        // 7, "delivery time expired", does not say what took so long.
        1 or 2 => BounceClass.ConnectionFailure,
        3 or 4 => BounceClass.DnsFailure,
        5 => BounceClass.RateLimited,
        _ => other,
    };

    // rfc3463#3.8, rfc7372#3, rfc7505#4.2
    private static BounceClass OfSecurity(int detail, BounceClass other) => detail switch
    {
        13 => BounceClass.InactiveMailbox,
        20 or 21 or 22 or 23 or 24 or 26 or 27 or 29 or 30 or 32 => BounceClass.AuthFailure,
        28 => BounceClass.RateLimited,
        _ => other == BounceClass.TransientOther ? other : BounceClass.Policy,
    };
}
