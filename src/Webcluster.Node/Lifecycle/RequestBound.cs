namespace Webcluster.Node.Lifecycle;

/// <summary>
/// How long requests over HTTP may go on at the end of the process. The server waits for them, and files come and go for as long as it
/// takes: without a bound nothing would be left for what stops after it.
/// </summary>
internal sealed class RequestBound(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _over = new();
    private ITimer? _timer;

    /// <summary>Signalled when requests are cut off.</summary>
    public CancellationToken Over => _over.Token;

    public void Begin() => _timer = time.CreateTimer(_ => _over.Cancel(), null, Most, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _timer?.Dispose();
        _over.Dispose();
    }
}
