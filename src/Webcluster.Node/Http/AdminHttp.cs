using Microsoft.AspNetCore.Connections;
using Webcluster.Node.Lifecycle;
using Webcluster.Queue;

namespace Webcluster.Node.Http;

/// <summary>All that the operators' listener answers.</summary>
internal static class AdminHttp
{
    public static void MapAdmin(this WebApplication app)
    {
        app.Use(EndInTimeAsync);
        app.Use(AnswerFailureAsync);
        app.UseStatusCodePages(pages => ExplainAsync(pages.HttpContext));
        app.UsePublicDoor();
        app.UseAdminToken();
        app.MapHealth();
        app.MapMetrics();
        app.MapQueue();
        app.MapMessages();
        app.MapNode();
        app.MapReplies();
        app.MapRules();
        app.MapSources();
        app.MapWarmup();
        app.MapSuppression();
        app.MapWaiting();
        app.MapWebhooks();
        app.MapSimulator();
        app.MapUnsubscribe();
    }

    private static async Task EndInTimeAsync(HttpContext context, RequestDelegate next)
    {
        var bound = context.RequestServices.GetRequiredService<RequestBound>();
        await using var cut = bound.Over.Register(static request => ((HttpContext)request!).Abort(), context);
        await next(context);
    }

    // Where nothing is mapped, or nothing for this method, routing leaves a status without a word. rfc9110#15.5.6: it has set Allow.
    private static Task ExplainAsync(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => context.ProblemAsync(StatusCodes.Status404NotFound, JsonAnswers.NothingHere),
        StatusCodes.Status405MethodNotAllowed => context.ProblemAsync(
            StatusCodes.Status405MethodNotAllowed, $"answers {context.Response.Headers.Allow}, not {context.Request.Method}"),
        _ => Task.CompletedTask,
    };

    private static async Task AnswerFailureAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(context);
        }
        catch (Exception left) when (left is ConnectionResetException
            || (left is OperationCanceledException && context.RequestAborted.IsCancellationRequested))
        {
            // The client left; nobody reads an answer, or looks for the rest of the request.
            context.Abort();
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            // Too long, too slow, or broken off: the client's doing, and no line in the log.
            await context.ProblemAsync(bad.StatusCode, bad.Message);
        }
        catch (QueueUnavailableException away) when (!context.Response.HasStarted)
        {
            await context.ProblemAsync(StatusCodes.Status503ServiceUnavailable, $"the queue's store cannot be reached: {away.Message}");
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            HttpLog.RequestFailed(context.RequestServices.GetRequiredService<ILogger<WebApplication>>(), context.Request.Path, error);
            await context.ProblemAsync(StatusCodes.Status500InternalServerError, "the request failed; the node's log has the reason");
        }
    }
}

internal static partial class HttpLog
{
    [LoggerMessage(4101, LogLevel.Error, "http: {Path} failed")]
    public static partial void RequestFailed(ILogger log, string path, Exception error);
}
