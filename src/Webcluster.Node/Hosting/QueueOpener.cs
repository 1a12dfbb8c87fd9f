using Webcluster.Node.Configuration;
using Webcluster.Queue;
using Webcluster.Queue.Embedded;
using Webcluster.Queue.Events;
using Webcluster.Queue.Redis;

namespace Webcluster.Node.Hosting;

/// <summary>Opens the configured queue, before anything that uses it is started: the shared one where there is a Redis, else the embedded
/// one.</summary>
internal sealed class QueueOpener(
    NodeOptions options, IEnumerable<IEventListener> listeners, TimeProvider time, QueueMetrics metrics, ILoggerFactory loggers)
{
    private IMailQueue? _queue;

    public IMailQueue Queue => _queue ?? throw new InvalidOperationException("The queue is not opened yet.");

    /// <exception cref="QueueStoreException">It cannot be opened; the message is for the operator.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        var events = options.Events.ToQueue(options.Node.Name, [.. listeners]);
        _queue ??= options.Queue.ToRedis(options.Node.StateFolder, events) is { } redis
            ? await RedisMailQueue.OpenAsync(redis, time, metrics, loggers.CreateLogger<RedisMailQueue>(), cancellation)
            : EmbeddedQueue.Open(options.Queue.ToEmbedded(events), time, metrics, loggers.CreateLogger<EmbeddedQueue>());
    }
}
