using Webcluster.Delivery.Availability;


namespace Webcluster.Node.Http;

/// <summary>This node's sources and pools: which it can use, and why it leaves the others out.</summary>
internal static class SourceEndpoints
{
    public static void MapSources(this IEndpointRouteBuilder routes)
    {
        routes.MapRead("/admin/v1/sources", ShowAsync);
        routes.MapPost("/admin/v1/sources/check", CheckAsync);
    }

    private static async Task CheckAsync(HttpContext context)
    {
        await context.RequestServices.GetRequiredService<ISources>().CheckAsync(context.RequestAborted);
        await ShowAsync(context);
    }

    private static Task ShowAsync(HttpContext context)
    {
        var sources = context.RequestServices.GetRequiredService<ISources>();
        return context.AnswerAsync(new SourcesView(sources.Sources(), sources.Pools()));
    }
}

internal sealed record SourcesView(IReadOnlyList<SourceStatus> Sources, IReadOnlyList<PoolStatus> Pools);
