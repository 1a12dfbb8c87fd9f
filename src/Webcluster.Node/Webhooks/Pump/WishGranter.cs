using Webcluster.Node.Webhooks.State;
using Webcluster.Node.Webhooks.Wishes;

namespace Webcluster.Node.Webhooks.Pump;

/// <summary>Does what operators asked of an endpoint.</summary>
internal sealed class WishGranter(WebhookEndpoint endpoint, EndpointState state, EndpointWork work, WebhookLog log)
{
    private const int MostReplays = 10;

    public void Grant(string text, DateTimeOffset now)
    {
        if (Wish.Decode(text) is not { } wish)
        {
            log.WishRefused(endpoint.Name, "this version does not understand it");
            return;
        }

        var author = wish.Author ?? "an operator";
        switch (wish.Do)
        {
            case WishKind.Enable:
                work.Health.Enable(author, now);
                break;
            case WishKind.Disable:
                work.Health.Disable($"by {author}", now);
                break;
            case WishKind.Test:
                work.Test(now);
                break;
            case WishKind.Replay:
                Replay(wish, author);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(text));
        }
    }

    private void Replay(Wish wish, string author)
    {
        if (state.Replays.Count == MostReplays)
        {
            log.WishRefused(endpoint.Name, $"{MostReplays} replays wait already");
            return;
        }

        var replay = new Replay(wish.From ?? DateTimeOffset.MinValue, wish.To ?? wish.At, wish.Event);
        state.Replays.Add(replay);
        log.Replaying(endpoint.Name, author, replay.From, replay.To, replay.Event ?? "all kinds wanted");
    }
}
