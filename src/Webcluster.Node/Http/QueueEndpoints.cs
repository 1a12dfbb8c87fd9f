using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Status;

namespace Webcluster.Node.Http;

/// <summary>What is queued: in numbers, by lane, and one message with all its deliveries.</summary>
internal static class QueueEndpoints
{
    private const int TopLanes = 50;

    public static void MapQueue(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/queue", ShowQueueAsync);
        routes.MapGet("/api/v1/messages/{id}", ShowMessageAsync);
        routes.MapPost("/admin/v1/queue/accept-loss", AcceptLossAsync);
    }

    private static async Task ShowQueueAsync(HttpContext context)
    {
        var queue = context.RequestServices.GetRequiredService<IMailQueue>();
        var accepting = queue.IsAccepting(out var reason);
        var counts = await queue.CountAsync(context.RequestAborted);
        var lanes = await queue.LanesAsync(TopLanes, context.RequestAborted);
        var refusal = accepting ? (EnqueueResult?)null : reason;
        await context.AnswerAsync(new { accepting, reason = refusal, counts, lanes = lanes.Select(LaneView.Of) });
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

    private sealed record LaneView(
        string Lane, string Provider, string Site, string Pool, long Ready, long Scheduled, long Claimed, long Held, int Sessions,
        DateTimeOffset? NextDue, WaitReason? Waits, HoldingRuleView? Rule)
    {
        public static LaneView Of(LaneStatus lane) => new(
            lane.Lane.ToString(), lane.Lane.Provider, lane.Lane.Site, lane.Lane.Pool, lane.Ready, lane.Scheduled, lane.Claimed, lane.Held,
            lane.Sessions, lane.NextDue, lane.Waits, HoldingRuleView.Of(lane.Rule));
    }

    private sealed record DeliveryView(
        string Id, string Lane, MailClass Class, string Tenant, IEnumerable<RecipientView> Recipients, int Attempts,
        DateTimeOffset AcceptedAt, DateTimeOffset Due, DateTimeOffset ExpiresAt, string? Session, WaitReason? Waits,
        HoldingRuleView? Rule)
    {
        public static DeliveryView Of(DeliveryStatus delivery) => new(
            delivery.Id.ToString(), delivery.Lane.ToString(), delivery.Class, delivery.Tenant,
            delivery.Recipients.Select(recipient => new RecipientView(recipient.Address.ToString(), recipient.LastReply)),
            delivery.Attempts,
            delivery.AcceptedAt, delivery.Due, delivery.ExpiresAt, delivery.Session?.ToString(), delivery.Waits,
            HoldingRuleView.Of(delivery.Rule));
    }

    private sealed record RecipientView(string Address, string? LastReply);
}

/// <param name="Accepted">False: there was none.</param>
internal sealed record LossView(bool Accepted);
