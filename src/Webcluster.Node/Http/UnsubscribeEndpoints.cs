using Microsoft.AspNetCore.Http.Features;
using Webcluster.Node.Lifecycle;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Unsubscribing;

namespace Webcluster.Node.Http;

/// <summary>
/// Where links for unsubscribing lead (RFC 8058). Looking has no effect, because programs follow links too; a POST does it, from a mail client or
/// from the page's button. Whoever has the token may; nothing else is asked.
/// </summary>
internal static class UnsubscribeEndpoints
{
    private const int MostBody = 8192;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(10);

    public static void MapUnsubscribe(this IEndpointRouteBuilder routes)
    {
        routes.MapRead(PublicDoor.Path + "/{token}", context => WithToken(context, ShowAsync));
        routes.MapPost(PublicDoor.Path + "/{token}", context => WithToken(context, UnsubscribeAsync));
    }

    private static async Task WithToken(HttpContext context, Func<HttpContext, Unsubscriber, UnsubscribeToken, Task> act)
    {
        if (context.RequestServices.GetService<Unsubscriber>() is not { } unsubscriber)
            await context.ProblemAsync(StatusCodes.Status404NotFound, JsonAnswers.NothingHere);
        else if (!context.RequestServices.GetRequiredService<UnsubscribeMeter>().Requests.TryCount(context.Connection.RemoteIpAddress!))
            await UnsubscribePages.TooManyAsync(context);
        else if (unsubscriber.Read((string)context.Request.RouteValues["token"]!, out var token) is not TokenProblem.None and var problem)
            await UnsubscribePages.RefuseAsync(context, problem);
        else
            await act(context, unsubscriber, token!);
    }

    private static Task ShowAsync(HttpContext context, Unsubscriber unsubscriber, UnsubscribeToken token) =>
        UnsubscribePages.AskAsync(context, token);

    // Whoever closes behind what he sent has asked for it all the same: only its time and the end of the node break this off.
    private static async Task UnsubscribeAsync(HttpContext context, Unsubscriber unsubscriber, UnsubscribeToken token)
    {
        var over = context.RequestServices.GetRequiredService<RequestBound>().Over;
        if (await WayAsync(context, over) is not { } way)
        {
            await UnsubscribePages.NotAskedAsync(context);
            return;
        }

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(over);
        bound.CancelAfter(MostTime);
        try
        {
            await unsubscriber.UnsubscribeAsync(token, way, bound.Token);
        }
        catch (Exception trouble) when (trouble is QueueUnavailableException or OperationCanceledException)
        {
            await UnsubscribePages.UnavailableAsync(context);
            return;
        }

        await UnsubscribePages.DoneAsync(context, token);
    }

    // rfc8058#3.2: as a form of either kind; the field is what tells it from a POST by accident.
    private static async ValueTask<string?> WayAsync(HttpContext context, CancellationToken cancellation)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body) body.MaxRequestBodySize = MostBody;
        if (!context.Request.HasFormContentType) return null;
        // A body that breaks off while some of it is looked at and not taken is a fault to the server.
        context.Request.EnableBuffering(MostBody, MostBody);
        try
        {
            var form = await context.Request.ReadFormAsync(cancellation);
            if (form["List-Unsubscribe"] == "One-Click") return "one-click";
            return form[UnsubscribePages.Button] == "yes" ? "page" : null;
        }
        catch (Exception error) when (error is InvalidDataException or BadHttpRequestException or IOException)
        {
            return null;
        }
    }
}

/// <summary>Counts requests for all that is under /unsubscribe/.</summary>
internal sealed record UnsubscribeMeter(AddressMeter Requests);
