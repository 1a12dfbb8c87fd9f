using Webcluster.Queue.Redis;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>The queues that one test opened on the same store, as its nodes would; closed together.</summary>
internal sealed class OpenQueues : IAsyncDisposable
{
    private readonly List<RedisMailQueue> _queues = [];

    public QueueMetrics Metrics { get; } = new();

    public RedisMailQueue First => _queues[0];

    public async Task<RedisMailQueue> AddAsync(Task<RedisMailQueue> opening)
    {
        var queue = await opening;
        _queues.Add(queue);
        return queue;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var queue in _queues)
            await queue.DisposeAsync();
        Metrics.Dispose();
    }
}
