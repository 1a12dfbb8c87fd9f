namespace Webcluster.Queue.Lanes;

/// <summary>
/// Shares of a lane by class while all classes have mail waiting: at 100 : 10 : 1 a password reset passes a newsletter run at once, and the
/// newsletter still moves. Each at least 1.
/// </summary>
public sealed record FlowWeights(int Transactional = 100, int Normal = 10, int Bulk = 1)
{
    public int Of(MailClass mailClass) => mailClass switch
    {
        MailClass.Transactional => Transactional,
        MailClass.Normal => Normal,
        MailClass.Bulk => Bulk,
        _ => throw new ArgumentOutOfRangeException(nameof(mailClass)),
    };
}
