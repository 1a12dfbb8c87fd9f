using Webcluster.Node.Metrics;

namespace Webcluster.Node.Http;

internal static class MetricsEndpoint
{
    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapRead("/metrics", WriteAsync);

    private static async Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = PrometheusText.ContentType;
        context.RequestServices.GetRequiredService<MetricsCollector>().Write(context.Response.BodyWriter);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
