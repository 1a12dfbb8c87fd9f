using Webcluster.Delivery.Pump;
using Webcluster.Node.Lifecycle;
using Webcluster.Submission.Listeners;

namespace Webcluster.Node.Http;

/// <summary>This node: its state, out of service and back. Each answers with the state; each may be repeated.</summary>
internal static class NodeEndpoints
{
    private const int LongestReason = 200;

    public static void MapNode(this IEndpointRouteBuilder routes)
    {
        routes.MapRead("/admin/v1/node", ShowAsync);
        routes.MapPost("/admin/v1/node/drain", DrainAsync);
        routes.MapPost("/admin/v1/node/resume", ResumeAsync);
    }

    private static async Task DrainAsync(HttpContext context)
    {
        if (await context.ReadAsync(absent: new DrainRequest("")) is not { } request) return;
        var reason = request.Reason ?? "";
        if (reason.Length > LongestReason || reason.Any(char.IsControl))
            await context.ProblemAsync(
                StatusCodes.Status400BadRequest, $"reason: at most {LongestReason} characters, none of them control characters");
        else if (Service<NodeDrain>(context).TryDrain(reason))
            await ShowAsync(context);
        else
            await RefuseAsync(context);
    }

    private static Task ResumeAsync(HttpContext context) =>
        Service<NodeDrain>(context).TryResume() ? ShowAsync(context) : RefuseAsync(context);

    private static Task RefuseAsync(HttpContext context) =>
        context.ProblemAsync(StatusCodes.Status409Conflict, "the node is starting or stopping");

    private static Task ShowAsync(HttpContext context)
    {
        var (phase, reason, since) = Service<Readiness>(context).State;
        var submission = Service<SubmissionGate>(context);
        var delivery = Service<DeliveryGate>(context);
        var reasons = Service<NodeHealth>(context).Reasons();
        return context.AnswerAsync(new NodeView(
            Service<ProcessOptions>(context).Name, ProductVersion.Text, phase, reason.Length == 0 ? null : reason,
            since, reasons.Count == 0, reasons,
            new SideView(submission.IsOpen, submission.Sessions), new SideView(delivery.IsOpen, delivery.Sessions),
            Service<NodeDrain>(context).IsDone));
    }

    private static T Service<T>(HttpContext context) where T : notnull => context.RequestServices.GetRequiredService<T>();

    private sealed record DrainRequest(string? Reason);
}

/// <param name="Reason">What the operator gave for draining.</param>
/// <param name="Reasons">Why it is not ready.</param>
/// <param name="Drained">Nobody is connected, nothing is under way: the process may be stopped without disturbing anybody.</param>
internal sealed record NodeView(
    string Name, string Version, NodePhase State, string? Reason, DateTimeOffset Since, bool Ready, IReadOnlyList<string> Reasons,
    SideView Submission, SideView Delivery, bool Drained);

/// <summary>One side of the node.</summary>
internal sealed record SideView(bool Open, int Sessions);
