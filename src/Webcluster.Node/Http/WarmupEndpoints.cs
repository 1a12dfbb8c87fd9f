using Webcluster.Delivery;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Sources;
using Webcluster.Queue;
using Webcluster.Queue.Traffic;

namespace Webcluster.Node.Http;

/// <summary>
/// The warm-up of sources, provider by provider: listed, and put on another step. In force on all nodes when the answer comes.
/// </summary>
internal static class WarmupEndpoints
{
    private const string Path = "/admin/v1/warmup";

    // A provider is looked for among the largest lanes.
    private const int MostLanes = 1000;

    public static void MapWarmup(this IEndpointRouteBuilder routes)
    {
        routes.MapRead(Path, ListAsync);
        routes.MapPut(Path + "/{source}/{provider}", SetAsync);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var found = await Service<ITrafficControl>(context).WarmupsAsync(query["provider"], query["source"], context.RequestAborted);
        await context.AnswerAsync(new WarmupList([.. found.Select(WarmupView.Of)]));
    }

    private static async Task SetAsync(HttpContext context)
    {
        if (await context.ReadAsync<WarmupRequest>(absent: null) is not { } request) return;
        var (source, provider) = ((string)context.Request.RouteValues["source"]!, (string)context.Request.RouteValues["provider"]!);
        var configured = Service<DeliverySetup>(context).Egress.Sources.FirstOrDefault(one => one.Name == source);
        if (configured is null)
            await context.ProblemAsync(StatusCodes.Status404NotFound, $"there is no source {source}");
        else if (configured.Warmup is null || WarmupPlans.Find(configured.Warmup.Plan) is not { } plan)
            await context.ProblemAsync(StatusCodes.Status409Conflict, $"source {source} has no warm-up plan: it is warm");
        else if (!await IsKnownAsync(context, provider))
            await context.ProblemAsync(StatusCodes.Status404NotFound, $"no provider {provider} is configured, or has mail");
        else if (!request.TryRead(plan.Budgets.Count, out var step))
            await context.ProblemAsync(StatusCodes.Status400BadRequest, $"step must be 1 to {plan.Budgets.Count}, or \"warm\"");
        else if (!request.HasGoodAuthor)
            await context.ProblemAsync(
                StatusCodes.Status400BadRequest, $"author must be one line of 1 to {WarmupRequest.LongestAuthor} characters");
        else
            await SetAsync(context, (provider, source, plan, step), request.Author);
    }

    private static async Task SetAsync(
        HttpContext context, (string Provider, string Source, WarmupPlan Plan, int? Step) to, string? author)
    {
        var state = await Service<ITrafficControl>(context).SetWarmupAsync(
            to.Provider, to.Source, to.Plan, to.Step, context.RequestAborted);
        WarmupLog.Set(
            Service<ILogger<WarmupRequest>>(context), to.Source, to.Provider, to.Step?.ToString() ?? WarmupRequest.Warm, to.Plan.Name,
            author ?? "unknown");
        await context.AnswerAsync(WarmupView.Of(state));
    }

    /// <summary>Named by configuration or catalogue, sent to already, or with mail that waits.</summary>
    private static async ValueTask<bool> IsKnownAsync(HttpContext context, string provider) =>
        Service<ProviderBook>(context).IsNamed(provider)
        || (await Service<ITrafficControl>(context).TrafficAsync(provider, context.RequestAborted)).Count > 0
        || (await Service<IMailQueue>(context).LanesAsync(MostLanes, context.RequestAborted)).Any(lane => lane.Lane.Provider == provider);

    private static T Service<T>(HttpContext context) where T : notnull => context.RequestServices.GetRequiredService<T>();
}

internal static partial class WarmupLog
{
    [LoggerMessage(4102, LogLevel.Warning, "warm-up of source {Source} at {Provider} set to step {Step} of plan {Plan}, by {Author}")]
    public static partial void Set(ILogger log, string source, string provider, string step, string plan, string author);
}
