using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;

namespace Webcluster.Queue.Embedded;

/// <summary>How the embedded queue is kept.</summary>
public sealed record EmbeddedQueueOptions
{
    /// <summary>The folder of the queue's files; made for the owner only where it is absent.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// Octets of recently accepted mail that are kept in memory too, so that mail delivered at once is not read back. Default 32 MiB: some
    /// tenths of a second at full load.
    /// </summary>
    public long HotOctets { get; init; } = 32L * 1024 * 1024;

    /// <summary>
    /// Octets that must stay free on the folder's file system; with less, mail is refused and outcomes are still stored. Default 96 MiB:
    /// what the write-ahead log and folding it into the file can need. With a lower floor a full disk can stop outcomes too, until there is
    /// room again.
    /// </summary>
    public long MinFree { get; init; } = 3L * StoreTuning.LogOctets;

    /// <summary>Octets of content that may be queued in all; beyond, mail is refused. Default: no limit but the disk's.</summary>
    public long MaxContent { get; init; } = long.MaxValue;

    /// <summary>A node that was not heard of for so long is overdue. Default 10 s: five missed beats.</summary>
    public TimeSpan NodeExpiry { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What a site stands. Default: 10 connections, 100 messages on each.</summary>
    public SiteLimits SiteLimits { get; init; } = new();

    /// <summary>Shares of a lane by class. Default 100 : 10 : 1.</summary>
    public FlowWeights Weights { get; init; } = new();

    /// <summary>What is kept of what happened.</summary>
    public EventOptions Events { get; init; } = new();

    /// <summary>For tests: pages the file may have, beyond which SQLite answers as on a full disk. 0: no limit.</summary>
    internal int MaxPages { get; init; }

    /// <summary>For tests: instead of asking the file system.</summary>
    internal Func<long>? FreeOctets { get; init; }
}
