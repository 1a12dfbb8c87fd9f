using Webcluster.Node.Lifecycle;

namespace Webcluster.Node.Http;

/// <summary>
/// /livez: the process answers, never mind what it depends on (a restart would not mend that). /readyz: give it mail; 503 with the reasons
/// while it starts, drains, or its queue takes nothing.
/// </summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapRead("/livez", context => context.Response.WriteAsync("ok\n", context.RequestAborted));
        routes.MapRead("/readyz", context =>
        {
            var reasons = context.RequestServices.GetRequiredService<NodeHealth>().Reasons();
            var status = reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return context.AnswerAsync(new { ready = reasons.Count == 0, reasons }, status);
        });
    }
}
