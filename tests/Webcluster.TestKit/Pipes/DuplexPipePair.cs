using System.IO.Pipelines;

namespace Webcluster.TestKit.Pipes;

/// <summary>Two ends of one connection in memory: what one end writes, the other reads.</summary>
public sealed class DuplexPipePair
{
    /// <param name="toServer">Of the direction from client to server.</param>
    /// <param name="toClient">Of the other direction; a small pause threshold makes a client that does not read felt.</param>
    public DuplexPipePair(PipeOptions? toServer = null, PipeOptions? toClient = null)
    {
        var up = new Pipe(toServer ?? Unbounded);
        var down = new Pipe(toClient ?? Unbounded);
        Server = new End(up.Reader, down.Writer);
        Client = new End(down.Reader, up.Writer);
    }

    public IDuplexPipe Server { get; }

    public IDuplexPipe Client { get; }

    // Whoever writes runs the reader at once: no test depends on the thread pool's timing.
    private static PipeOptions Unbounded { get; } = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0,
        useSynchronizationContext: false);

    private sealed record End(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
