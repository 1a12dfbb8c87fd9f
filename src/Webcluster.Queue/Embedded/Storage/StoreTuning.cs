using System.Globalization;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>How SQLite is set. Durability first: in WAL mode with synchronous=FULL a commit has been synced when it returns.</summary>
internal static class StoreTuning
{
    /// <summary>A 10 KB mail is one overflow page and a quarter of a leaf: less is written for it than with 4 or 16 KiB.</summary>
    public const int PageOctets = 8192;

    /// <summary>
    /// How long the log grows before it is folded into the file. Mail that is delivered within this window reuses its own pages, so most of
    /// what is logged is never written a second time. Log and fold together need somewhat more than twice this.
    /// </summary>
    public const int LogOctets = 32 * 1024 * 1024;

    private const int CheckpointPages = LogOctets / PageOctets;

    private const int WriterCacheKib = 16 * 1024;
    private const int ReaderCacheKib = 1024;

    /// <summary>The log file keeps its blocks: syncing into allocated blocks is much cheaper than growing a file.</summary>
    public static string Writer { get; } = string.Create(CultureInfo.InvariantCulture,
        $"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint={CheckpointPages}; PRAGMA busy_timeout=200; "
        + $"PRAGMA journal_size_limit={LogOctets}; PRAGMA cache_size=-{WriterCacheKib}; PRAGMA temp_store=MEMORY;");

    public static string Reader { get; } = string.Create(CultureInfo.InvariantCulture,
        $"PRAGMA busy_timeout=1000; PRAGMA cache_size=-{ReaderCacheKib}; PRAGMA query_only=1;");
}
