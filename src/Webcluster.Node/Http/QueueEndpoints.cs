using Webcluster.Queue;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Status;

namespace Webcluster.Node.Http;

/// <summary>What is queued: in numbers, by lane, and one message with all its deliveries.</summary>
internal static class QueueEndpoints
{
    public const string Path = "/api/v1/queue";
    public const int MostLanes = 1000;
    private const int TopLanes = 50;

    public static void MapQueue(this IEndpointRouteBuilder routes)
    {
        routes.MapRead(Path, ShowQueueAsync);
        routes.MapRead("/api/v1/messages/{id}", ShowMessageAsync);
        routes.MapPost("/admin/v1/queue/accept-loss", AcceptLossAsync);
    }

    private static async Task ShowQueueAsync(HttpContext context)
    {
        if (await context.LimitAsync(TopLanes, MostLanes) is not { } most) return;
        var queue = context.RequestServices.GetRequiredService<IMailQueue>();
        var accepting = queue.IsAccepting(out var reason);
        var counts = await queue.CountAsync(context.RequestAborted);
        var lanes = await queue.LanesAsync(most, context.RequestAborted);
        var refusal = accepting ? (EnqueueResult?)null : reason;
        await context.AnswerAsync(new QueueView(accepting, refusal, counts, [.. lanes.Select(LaneView.Of)]));
    }

    private static async Task ShowMessageAsync(HttpContext context)
    {
        if (!MessageId.TryParse((string?)context.Request.RouteValues["id"], out var id))
        {
            await context.ProblemAsync(StatusCodes.Status400BadRequest, "the id of a message is a UUID");
            return;
        }
        var deliveries = await context.RequestServices.GetRequiredService<IMailQueue>().FindAsync(id, context.RequestAborted);
        if (deliveries.Count == 0) await context.ProblemAsync(StatusCodes.Status404NotFound, "no such message is queued (any more)");
        else await context.AnswerAsync(new { id = id.ToString(), deliveries = deliveries.Select(DeliveryView.Of) });
    }

    private static async Task AcceptLossAsync(HttpContext context)
    {
        if (context.RequestServices.GetRequiredService<IMailQueue>() is IQueueRecovery recovery)
            await context.AnswerAsync(new LossView(await recovery.AcceptLossAsync(context.RequestAborted)));
        else
            await context.ProblemAsync(StatusCodes.Status409Conflict, "the embedded queue has no loss to accept");
    }
}

/// <param name="Reason">Why it takes no mail now.</param>
/// <param name="Lanes">The largest, as many as asked for.</param>
internal sealed record QueueView(bool Accepting, EnqueueResult? Reason, QueueCounts Counts, IReadOnlyList<LaneView> Lanes);

/// <param name="Accepted">False: there was none.</param>
internal sealed record LossView(bool Accepted);
