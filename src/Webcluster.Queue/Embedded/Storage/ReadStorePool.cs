namespace Webcluster.Queue.Embedded.Storage;

/// <summary>A few reading connections, opened when first needed.</summary>
internal sealed class ReadStorePool(string path) : IAsyncDisposable
{
    private const int Most = 4;
    private readonly SemaphoreSlim _free = new(Most);
    private readonly Stack<ReadStore> _idle = new();

    /// <summary>Runs one piece of reading; waits while all connections are taken.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<ReadStore, T> read, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        try
        {
            var store = TakeIdle() ?? new ReadStore(path);
            try
            {
                return read(store);
            }
            finally
            {
                lock (_idle)
                    _idle.Push(store);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for what is being read.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < Most; i++)
            await _free.WaitAsync();
        while (TakeIdle() is { } store)
            store.Dispose();
        _free.Dispose();
    }

    private ReadStore? TakeIdle()
    {
        lock (_idle)
            return _idle.TryPop(out var store) ? store : null;
    }
}
