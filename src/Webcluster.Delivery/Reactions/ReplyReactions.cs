using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Providers.Replies;
using Webcluster.Delivery.Traffic;
using Webcluster.Protocol.Classification;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Traffic;

namespace Webcluster.Delivery.Reactions;

/// <summary>
/// What a refusal leads to besides the outcome of its mail. The provider's reply rules say what it asks of the source; where none knows it,
/// its class does. The class also says whether the mail is worth another attempt although the server said never, and whom to tell.
/// </summary>
internal sealed class ReplyReactions(
    IReplyClassifier classifier, ReplyWatch rules, RefusedShares shares, ReplyAlarms alarms, RetryOptions retry)
{
    /// <summary>Something is tried: a connection or a transaction, whatever comes of it.</summary>
    public void Tried(LaneKey lane, string source) => shares.Tried(lane.Provider, source);

    /// <summary>
    /// What refusals mean, and what they lead to. What was tried was one thing, however many recipients it had: so a rule, or a class, that
    /// several of them are of counts once, and each is told apart all the same.
    /// </summary>
    /// <param name="source">Where the connection leaves from.</param>
    /// <param name="refusals">Of one connection that did not come about, or of one transaction.</param>
    /// <param name="age">Of the mail at hand, since it was accepted.</param>
    /// <returns>In their order.</returns>
    public async ValueTask<IReadOnlyList<ReadReply>> SeeAsync(
        LaneKey lane, string source, IReadOnlyCollection<Refusal> refusals, TimeSpan age, CancellationToken cancellation)
    {
        if (refusals.Count == 0) return [];
        var read = new List<ReadReply>(refusals.Count);
        var counted = new HashSet<(ReplyRule? Rule, BounceClass? Class)>();
        foreach (var refusal in refusals)
        {
            var meaning = classifier.Classify(refusal.Reply.ToString(), lane.Provider);
            var rule = rules.Find(lane, source, refusal);
            if (rule is not null)
            {
                if (counted.Add((rule, null))) await rules.ActAsync(lane, source, rule, refusal, cancellation);
            }
            else if (meaning.SlowsSource() && !ReplyRule.IsOfOneMailbox(refusal.Reply.Enhanced) && counted.Add((null, meaning.Class)))
            {
                await SlowAsync(lane, source, meaning, refusal, cancellation);
            }

            alarms.See(lane, source, meaning, refusal.Reply);
            read.Add(new ReadReply(refusal.Reply, meaning, rule is { Retry: true } || (age < retry.ByClass && meaning.Retries())));
        }

        return read;
    }

    private async ValueTask SlowAsync(
        LaneKey lane, string source, ReplyClassification meaning, Refusal refusal, CancellationToken cancellation)
    {
        if (shares.IsEnough(lane.Provider, source))
            await rules.AdjustAsync(
                lane, source, new Adjustment.SlowDown(), new Cause($"class {meaning.Class.Text()}", refusal.Reply), cancellation);
    }
}
