using System.Buffers;
using System.Threading.Channels;
using Webcluster.Node.EventFiles.Formats;
using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles.Writing;

/// <summary>
/// One file and the loop that writes it. Events wait in a room of bounded size; where that is full they are dropped and counted, so that
/// mail never waits for a disk. The first is written at once, what comes then at most every tenth of a second, in one write. While the file
/// cannot be written the loop tries again, ever more seldom; when the node stops it writes what waits, and tries only once.
/// </summary>
internal sealed class EventFileWriter(EventFile file, IEventFormat format, EventFileLog log, TimeProvider time)
{
    /// <summary>Two seconds of 10,000 events each; some 20 MB.</summary>
    public const int Room = 20_000;

    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);
    private const int BatchOctets = 256 * 1024;

    private readonly Channel<MailEvent> _waiting =
        Channel.CreateBounded<MailEvent>(new BoundedChannelOptions(Room) { SingleReader = true });

    private readonly ArrayBufferWriter<byte> _lines = new();
    private int _count;
    private long _full;
    private volatile bool _isStopped;

    /// <summary>Returns at once.</summary>
    public void Offer(MailEvent one)
    {
        if (!file.Wants(one) || _waiting.Writer.TryWrite(one)) return;
        if (!_isStopped) Interlocked.Increment(ref _full);
        log.Metrics.Dropped(file.Path, _isStopped ? EventDrop.Stopped : EventDrop.Full, 1);
    }

    /// <summary>Ends when it is stopped and what waited is written, or cannot be.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        // A file system that hangs must not hang whoever starts the node.
        await Task.Yield();
        using var rolling = new RollingFile(file, format.Head, log, time);
        await using var stop = stopping.Register(Stop);
        log.Metrics.Fails(file.Path, false);
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var isMore = Take();
            if (!await WriteAsync(rolling, stopping)) break;
            if (!isMore) await WaitAsync(Pause, stopping);
        }

        if (_count + _waiting.Reader.Count is > 0 and var left) log.GivenUp(file.Path, left);
    }

    private void Stop()
    {
        _isStopped = true;
        _waiting.Writer.TryComplete();
    }

    /// <returns>Whether the batch is full, and more may wait.</returns>
    private bool Take()
    {
        _lines.ResetWrittenCount();
        while (_lines.WrittenCount < BatchOctets)
        {
            if (!_waiting.Reader.TryRead(out var one)) return false;
            format.Append(one, _lines);
            _count++;
        }

        return true;
    }

    /// <summary>Tries until it is written.</summary>
    /// <returns>False: it is not, and the node stops.</returns>
    private async Task<bool> WriteAsync(RollingFile rolling, CancellationToken stopping)
    {
        var before = Interlocked.Read(ref _full);
        for (var retry = TimeSpan.Zero; ; await WaitAsync(retry, stopping))
        {
            var isLast = stopping.IsCancellationRequested;
            if (rolling.TryAppend(_lines.WrittenSpan) is not { } problem)
            {
                log.Metrics.Written(file.Path, _count);
                _count = 0;
                if (retry > TimeSpan.Zero) log.Recovered(file.Path, Interlocked.Read(ref _full) - before);
                return true;
            }

            if (retry == TimeSpan.Zero) log.Failing(file.Path, problem);
            if (isLast) return false;
            retry = retry == TimeSpan.Zero ? FirstRetry : TimeSpan.FromTicks(Math.Min(2 * retry.Ticks, LastRetry.Ticks));
        }
    }

    /// <summary>Ends early when the node stops.</summary>
    private async Task WaitAsync(TimeSpan pause, CancellationToken stopping) =>
        await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
