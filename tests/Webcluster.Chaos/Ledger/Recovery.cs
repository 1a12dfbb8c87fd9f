using Webcluster.Chaos.Load;

namespace Webcluster.Chaos.Ledger;

/// <summary>What clients saw while the store was away. Pure.</summary>
internal sealed record Recovery
{
    /// <summary>The longest time from the store's return to the next 250; null where the store was never away.</summary>
    public TimeSpan? Longest { get; init; }

    /// <summary>4xx replies while it was away, until the next 250.</summary>
    public int Refused { get; init; }

    /// <summary>Mails that were neither accepted nor refused then: no connection, no reply.</summary>
    public int Unanswered { get; init; }

    /// <summary>Replies that no client may get then: 5xx.</summary>
    public int Wrong { get; init; }

    /// <summary>The longest that a mail waited for its refusal.</summary>
    public TimeSpan? SlowestRefusal { get; init; }

    public static Recovery Of(IReadOnlyCollection<SubmittedMail> submissions, IReadOnlyCollection<Outage> outages)
    {
        if (outages.Count == 0) return new Recovery();
        var longest = TimeSpan.Zero;
        var during = new List<SubmittedMail>();
        foreach (var outage in outages)
        {
            // Where no mail got through any more, it has not recovered to this day.
            var next = submissions.Where(mail => mail.Answer == Answer.Accepted && mail.Ended > outage.Back).Min(mail => (DateTimeOffset?)mail.Ended) ?? DateTimeOffset.MaxValue;
            if (next - outage.Back is var took && took > longest) longest = took;
            during.AddRange(submissions.Where(mail => mail.Answer != Answer.Accepted && mail.Ended >= outage.Gone && mail.Ended <= next));
        }

        var refused = during.Where(mail => mail.Answer == Answer.Refused).ToList();
        return new Recovery
        {
            Longest = longest,
            Refused = refused.Count(mail => mail.Code is >= 400 and < 500),
            Wrong = refused.Count(mail => mail.Code >= 500),
            Unanswered = during.Count - refused.Count,
            SlowestRefusal = refused.Count > 0 ? refused.Max(mail => mail.Ended - mail.Began) : null,
        };
    }
}
