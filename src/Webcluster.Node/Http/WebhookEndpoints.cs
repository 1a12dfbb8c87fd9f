using Webcluster.Node.Webhooks;
using Webcluster.Node.Webhooks.State;
using Webcluster.Node.Webhooks.Wishes;
using Webcluster.Queue.Events;

namespace Webcluster.Node.Http;

/// <summary>
/// /admin/v1/webhooks: how endpoints stand, and what is asked of them. Whichever node is asked, the one that sends does it, within seconds.
/// </summary>
internal static class WebhookEndpoints
{
    private const string Path = "/admin/v1/webhooks";

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapRead(Path, ListAsync);
        routes.MapRead(Path + "/{name}", ShowAsync);
        routes.MapPost(Path + "/{name}/enable", context => AskAsync(context, WishKind.Enable));
        routes.MapPost(Path + "/{name}/disable", context => AskAsync(context, WishKind.Disable));
        routes.MapPost(Path + "/{name}/test", context => AskAsync(context, WishKind.Test));
        routes.MapPost(Path + "/{name}/replay", ReplayAsync);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var views = new List<WebhookView>();
        foreach (var endpoint in Service<WebhookBook>(context).Endpoints) views.Add((await ReadAsync(context, endpoint)).View);
        await context.AnswerAsync(new WebhookList(views));
    }

    private static async Task ShowAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } endpoint) return;
        var (view, state) = await ReadAsync(context, endpoint);
        await context.AnswerAsync(WebhookDetail.Of(view, state));
    }

    private static async Task AskAsync(HttpContext context, WishKind what)
    {
        if (await FindAsync(context) is not { } endpoint) return;
        if (await context.ReadAsync(absent: new WebhookRequest()) is not { } request) return;
        await WishAsync(context, endpoint, new Wish(what, Now(context)) { Author = request.Author });
    }

    private static async Task ReplayAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } endpoint) return;
        if (await context.ReadAsync<ReplayRequest>(absent: null) is not { } request) return;
        if (request.Problem is { } problem) await context.ProblemAsync(StatusCodes.Status400BadRequest, problem);
        else
            await WishAsync(context, endpoint, new Wish(WishKind.Replay, Now(context))
            {
                Event = request.Event, From = request.From, To = request.To, Author = request.Author,
            });
    }

    private static async Task WishAsync(HttpContext context, WebhookEndpoint endpoint, Wish wish)
    {
        if (!WarmupRequest.IsGoodAuthor(wish.Author))
            await context.ProblemAsync(
                StatusCodes.Status400BadRequest, $"author must be one line of 1 to {WarmupRequest.LongestAuthor} characters");
        else if (endpoint.Disabled)
            await context.ProblemAsync(StatusCodes.Status409Conflict, $"webhook {endpoint.Name} is disabled by the configuration");
        else if (!await Service<IFeedStore>(context).WishAsync(endpoint.Feed, wish.Encode(), context.RequestAborted))
            await context.ProblemAsync(
                StatusCodes.Status409Conflict, $"no node sends to webhook {endpoint.Name}, and as much as may be is asked of it already");
        else await context.AnswerAsync(new WebhookAsked(endpoint.Name, wish.Do), StatusCodes.Status202Accepted);
    }

    private static async Task<WebhookEndpoint?> FindAsync(HttpContext context)
    {
        var name = (string?)context.Request.RouteValues["name"];
        var found = Service<WebhookBook>(context).Find(name);
        if (found is null) await context.ProblemAsync(StatusCodes.Status404NotFound, $"there is no webhook {name}");
        return found;
    }

    private static async ValueTask<(WebhookView View, EndpointState State)> ReadAsync(HttpContext context, WebhookEndpoint endpoint)
    {
        var stored = await Service<IFeedStore>(context).ShowAsync(endpoint.Feed, context.RequestAborted);
        var state = (stored.State.IsEmpty ? null : EndpointStateJson.Decode(stored.State.Span)) ?? new EndpointState();
        return (WebhookView.Of(endpoint, stored, state), state);
    }

    private static DateTimeOffset Now(HttpContext context) => Service<TimeProvider>(context).GetUtcNow();

    private static T Service<T>(HttpContext context) where T : notnull => context.RequestServices.GetRequiredService<T>();
}

/// <summary>What was asked of an endpoint; the node that sends does it within seconds.</summary>
internal sealed record WebhookAsked(string Webhook, WishKind Asked);
