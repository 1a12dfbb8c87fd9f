using SQLitePCL;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>What the file refused for. The names are label values of a metric.</summary>
internal enum StoreFaultKind { Full, InputOutput, ReadOnly, Busy, Corrupt, Other }

/// <summary>SQLite refused. Never leaves the queue: callers get a result.</summary>
internal sealed class StoreFaultException(int code, string message) : Exception(message)
{
    public StoreFaultKind Kind { get; } = KindOf(code);

    public EnqueueResult Result => ResultOf(Kind);

    /// <param name="code">Primary or extended SQLite result code.</param>
    public static StoreFaultKind KindOf(int code) => (code & 0xFF) switch
    {
        raw.SQLITE_FULL => StoreFaultKind.Full,
        raw.SQLITE_IOERR => StoreFaultKind.InputOutput,
        raw.SQLITE_READONLY => StoreFaultKind.ReadOnly,
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => StoreFaultKind.Busy,
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => StoreFaultKind.Corrupt,
        _ => StoreFaultKind.Other,
    };

    public static EnqueueResult ResultOf(StoreFaultKind kind) =>
        kind is StoreFaultKind.Full ? EnqueueResult.Full : EnqueueResult.Unavailable;
}
