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

    /// <param name="source">Where the connection leaves from.</param>
    /// <param name="age">Of the mail at hand, since it was accepted.</param>
    public async ValueTask<ReadReply> SeeAsync(
        LaneKey lane, string source, Refusal refusal, TimeSpan age, CancellationToken cancellation)
    {
        var meaning = classifier.Classify(refusal.Reply.ToString(), lane.Provider);
        var rule = await rules.SeeAsync(lane, source, refusal, cancellation);
        var isOfSource = meaning.SlowsSource() && !ReplyRule.IsOfOneMailbox(refusal.Reply.Enhanced);
        if (rule is null && isOfSource && shares.IsEnough(lane.Provider, source))
            await rules.AdjustAsync(
                lane, source, new Adjustment.SlowDown(), new Cause($"class {meaning.Class.Text()}", refusal.Reply), cancellation);
        alarms.See(lane, source, meaning, refusal.Reply);
        return new ReadReply(refusal.Reply, meaning, rule is { Retry: true } || (age < retry.ByClass && meaning.Retries()));
    }
}
