using Webcluster.Delivery.Availability;
using Webcluster.Delivery.Providers;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Routing;
using Webcluster.Queue.Status;
using Webcluster.Queue.Traffic;

namespace Webcluster.Node.Http;

/// <summary>Why mail waits: for a domain, a site, a lane or a message, all that decides when it is tried next.</summary>
internal static class WaitingEndpoints
{
    // A message's deliveries go to as many sites as its recipients have.
    private const int MostSites = 100;

    public static void MapWaiting(this IEndpointRouteBuilder routes) => routes.MapRead("/admin/v1/waiting", ExplainAsync);

    private static async Task ExplainAsync(HttpContext context)
    {
        var query = context.Request.Query;
        (string Key, string? Text)[] asked = [.. new[] { "domain", "site", "lane", "message" }.Select(key => (key, (string?)query[key]))];
        if (asked.Count(part => part.Text is not null) != 1)
        {
            await context.ProblemAsync(StatusCodes.Status400BadRequest, "give one of domain, site, lane and message");
            return;
        }

        var (what, text) = asked.Single(part => part.Text is not null);
        await (what switch
        {
            "message" => ExplainMessageAsync(context, text!),
            "domain" => ExplainDomainAsync(context, text!),
            "site" => AnswerAsync(context, [], [new Place(Service<ProviderBook>(context).ProviderOfSite(text!), text!)], _ => true),
            _ => ExplainLaneAsync(context, text!),
        });
    }

    private static async Task ExplainMessageAsync(HttpContext context, string message)
    {
        if (!MessageId.TryParse(message, out var id))
        {
            await context.ProblemAsync(StatusCodes.Status400BadRequest, "the id of a message is a UUID");
            return;
        }

        var deliveries = await Service<IMailQueue>(context).FindAsync(id, context.RequestAborted);
        var lanes = deliveries.Select(delivery => delivery.Lane).ToHashSet();
        if (deliveries.Count == 0) await context.ProblemAsync(StatusCodes.Status404NotFound, "no such message is queued (any more)");
        else await AnswerAsync(context, deliveries.Select(WaitingDelivery.Of), lanes.Select(Place.Of), lanes.Contains);
    }

    private static async Task ExplainDomainAsync(HttpContext context, string text)
    {
        if (!DomainName.TryNormalize(text, out var domain))
        {
            await context.ProblemAsync(StatusCodes.Status400BadRequest, $"'{text}' is no domain");
            return;
        }

        var router = Service<IRecipientRouter>(context);
        var found = await router.RouteAsync(new Mailbox("postmaster", domain), MailOrigin.Report(""), context.RequestAborted);
        if (found is RouteResult.To { Lane: var to }) await AnswerAsync(context, [], [Place.Of(to)], _ => true);
        else await context.ProblemAsync(StatusCodes.Status404NotFound, $"mail to {domain} is refused");
    }

    private static Task ExplainLaneAsync(HttpContext context, string text) => LaneKey.Parse(text) is { } lane
        ? AnswerAsync(context, [], [Place.Of(lane)], lane.Equals)
        : context.ProblemAsync(StatusCodes.Status400BadRequest, $"'{text}' is no lane such as google/mx.google.example|default");

    private static async Task AnswerAsync(
        HttpContext context, IEnumerable<WaitingDelivery> deliveries, IEnumerable<Place> places, Func<LaneKey, bool> isAskedFor)
    {
        var queue = Service<IMailQueue>(context);
        var pools = Service<ISources>(context).Pools();
        var lanes = new List<WaitingLane>();
        foreach (var place in places.Distinct().Take(MostSites))
        {
            var found = await queue.SiteLanesAsync(place.Provider, place.Site, context.RequestAborted);
            var sources = found.Count > 0 && queue is ITrafficControl control
                ? await control.TrafficAsync(place.Provider, context.RequestAborted)
                : [];
            lanes.AddRange(found.Where(lane => isAskedFor(lane.Lane)).Select(lane => WaitingLane.Of(
                lane, IsServed(lane, pools), Service<ProviderBook>(context).PolicyOf(lane.Lane), sources)));
        }

        await context.AnswerAsync(new WaitingView([.. deliveries], lanes));
    }

    /// <summary>Bounces need no source; mail of a pool that is not configured leaves from the default one.</summary>
    private static bool IsServed(LaneStatus lane, IReadOnlyList<PoolStatus> pools)
    {
        if (lane.Lane == LaneKey.Bounces) return true;
        var own = pools.FirstOrDefault(pool => pool.Pool == lane.Lane.Pool);
        return (own ?? pools.First(pool => pool.Pool == PoolName.Default)).Using.Count > 0;
    }

    private static T Service<T>(HttpContext context) where T : notnull => context.RequestServices.GetRequiredService<T>();

    /// <summary>Where lanes of all pools lead.</summary>
    private sealed record Place(string Provider, string Site)
    {
        public static Place Of(LaneKey lane) => new(lane.Provider, lane.Site);
    }
}

internal sealed record WaitingView(IReadOnlyList<WaitingDelivery> Deliveries, IReadOnlyList<WaitingLane> Lanes);
