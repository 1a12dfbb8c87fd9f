namespace Webcluster.Queue.Embedded.Storage;

/// <summary>A few reading connections, opened when first needed.</summary>
internal sealed class ReadStorePool(string path) : IAsyncDisposable
{
    private const int Most = 4;
    private readonly SemaphoreSlim free = new(Most);
    private readonly Stack<ReadStore> idle = new();

    /// <summary>Runs one piece of reading; waits while all connections are taken.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<ReadStore, T> read, CancellationToken cancellation)
    {
        await free.WaitAsync(cancellation);
        try
        {
            var store = TakeIdle() ?? new ReadStore(path);
            try
            {
                return read(store);
            }
            finally
            {
                lock (idle)
                    idle.Push(store);
            }
        }
        finally
        {
            free.Release();
        }
    }

    /// <summary>Waits for what is being read.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < Most; i++)
            await free.WaitAsync();
        while (TakeIdle() is { } store)
            store.Dispose();
        free.Dispose();
    }

    private ReadStore? TakeIdle()
    {
        lock (idle)
            return idle.TryPop(out var store) ? store : null;
    }
}
