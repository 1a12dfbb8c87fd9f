using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Webcluster.Queue;
using Webcluster.Queue.Sessions;

namespace Webcluster.Delivery.Pump;

/// <summary>After beats, and never in their way: gives back what overdue nodes held, and does what the queue has to be done beside
/// mail.</summary>
internal sealed partial class Housekeeping(IMailQueue queue, NodeId node, Heartbeat heartbeat, ILogger<Housekeeping> log)
    : BackgroundService
{
    /// <param name="overdue">Nodes that are not heard of any more.</param>
    public async Task KeepAsync(IReadOnlyList<NodeId> overdue, CancellationToken cancellation)
    {
        try
        {
            foreach (var dead in overdue)
                Log(dead, await queue.ReapAsync(dead, cancellation));
            await queue.TendAsync(node, cancellation);
        }
        catch (QueueUnavailableException)
        {
            // The heartbeat says so, and names them again.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var overdue in heartbeat.Beats.ReadAllAsync(stoppingToken))
            await KeepAsync(overdue, stoppingToken);
    }

    // All nodes reap it: one gives back what it held.
    private void Log(NodeId dead, int count)
    {
        if (count > 0) LogReaped(dead, count);
        else LogEmpty(dead);
    }

    [LoggerMessage(3001, LogLevel.Warning, "node {Node} is overdue: {Count} deliveries given back")]
    private partial void LogReaped(NodeId node, int count);

    [LoggerMessage(3003, LogLevel.Information, "node {Node} is overdue: nothing of it was left to be given back")]
    private partial void LogEmpty(NodeId node);
}
