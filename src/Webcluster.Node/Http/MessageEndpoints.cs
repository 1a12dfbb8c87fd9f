using System.Text.Json;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;

namespace Webcluster.Node.Http;

/// <summary>What happened to one message, on whichever node: from its 250 to the last report about it.</summary>
internal static class MessageEndpoints
{
    public static void MapMessages(this IEndpointRouteBuilder routes) => routes.MapRead("/admin/v1/messages/{id}/events", ShowAsync);

    private static async Task ShowAsync(HttpContext context)
    {
        if (!MessageId.TryParse((string?)context.Request.RouteValues["id"], out var id))
        {
            await context.ProblemAsync(StatusCodes.Status400BadRequest, "the id of a message is a UUID");
            return;
        }

        var log = context.RequestServices.GetRequiredService<IEventLog>();
        var events = await log.TimelineAsync(id, context.RequestAborted);
        if (events.Count == 0)
            await context.ProblemAsync(StatusCodes.Status404NotFound, "nothing is known of such a message (any more)");
        else
            await context.AnswerAsync(new { message = id.ToString(), events = events.Select(Show) });
    }

    /// <summary>As everywhere: what does not apply is not written.</summary>
    private static JsonElement Show(StoredEvent stored) => JsonSerializer.Deserialize<JsonElement>(MailEventJson.Encode(stored.Event));
}

/// <summary>The answer as a client reads it.</summary>
/// <param name="Events">Oldest first.</param>
internal sealed record MessageTimeline(string Message, IReadOnlyList<MailEvent> Events);
