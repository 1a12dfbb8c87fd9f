using Webcluster.Delivery.Providers;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Routing;
using Webcluster.Queue.Traffic;

namespace Webcluster.Node.Http;

/// <summary>Why mail waits: for a domain, a lane or a message, all that decides when it is tried next.</summary>
internal static class WaitingEndpoints
{
    // Lanes are found by name among the largest.
    private const int MostLanes = 1000;

    public static void MapWaiting(this IEndpointRouteBuilder routes) => routes.MapGet("/admin/v1/waiting", ExplainAsync);

    private static async Task ExplainAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var (domain, lane, message) = ((string?)query["domain"], (string?)query["lane"], (string?)query["message"]);
        if (new[] { domain, lane, message }.Count(part => part is not null) != 1)
            await context.ProblemAsync(StatusCodes.Status400BadRequest, "give one of domain, lane and message");
        else if (message is not null)
            await ExplainMessageAsync(context, message);
        else if (domain is not null)
            await ExplainDomainAsync(context, domain);
        else
            await AnswerAsync(context, [], known => known.ToString() == lane);
    }

    private static async Task ExplainMessageAsync(HttpContext context, string message)
    {
        if (!MessageId.TryParse(message, out var id))
        {
            await context.ProblemAsync(StatusCodes.Status400BadRequest, "the id of a message is a UUID");
            return;
        }

        var deliveries = await Service<IMailQueue>(context).FindAsync(id, context.RequestAborted);
        if (deliveries.Count == 0) await context.ProblemAsync(StatusCodes.Status404NotFound, "no such message is queued (any more)");
        else await AnswerAsync(context, deliveries.Select(WaitingDelivery.Of), lane => deliveries.Any(delivery => delivery.Lane == lane));
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
        if (found is RouteResult.To { Lane: var to })
            await AnswerAsync(context, [], lane => lane.Provider == to.Provider && lane.Site == to.Site);
        else
            await context.ProblemAsync(StatusCodes.Status404NotFound, $"mail to {domain} is refused");
    }

    private static async Task AnswerAsync(HttpContext context, IEnumerable<WaitingDelivery> deliveries, Func<LaneKey, bool> isAskedFor)
    {
        var queue = Service<IMailQueue>(context);
        var lanes = new List<WaitingLane>();
        foreach (var lane in (await queue.LanesAsync(MostLanes, context.RequestAborted)).Where(lane => isAskedFor(lane.Lane)))
        {
            var sources = queue is ITrafficControl control ? await control.TrafficAsync(lane.Lane.Provider, context.RequestAborted) : [];
            lanes.Add(WaitingLane.Of(lane, Service<ProviderBook>(context).PolicyOf(lane.Lane), sources));
        }

        await context.AnswerAsync(new WaitingView([.. deliveries], lanes));
    }

    private static T Service<T>(HttpContext context) where T : notnull => context.RequestServices.GetRequiredService<T>();
}

internal sealed record WaitingView(IReadOnlyList<WaitingDelivery> Deliveries, IReadOnlyList<WaitingLane> Lanes);
