using Microsoft.Win32.SafeHandles;

namespace Webcluster.Node.EventFiles.Writing;

/// <summary>
/// A file that whole batches of lines are appended to, for one loop. A batch is in it whole or not at all; what a process that was killed
/// left half is taken away. Whatever moves the file away, removes it or cuts it off (logrotate) is seen before the next batch, which then
/// goes into the file that has its name. Not synced: what the system had not put on the disk is gone when the machine dies.
/// </summary>
internal sealed class RollingFile(EventFile file, ReadOnlyMemory<byte> head, EventFileLog log, TimeProvider time) : IDisposable
{
    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    // Longer than any line.
    private const int Tail = 64 * 1024;

    private FileStream? _open;
    private DateOnly _day;

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <returns>Null: it is written; else why it is not.</returns>
    public string? TryAppend(ReadOnlySpan<byte> lines)
    {
        try
        {
            Append(Ready(lines.Length, out var length), length, lines);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            // The next try opens it anew: the disk may be another by then.
            Dispose();
            return error.Message;
        }
    }

    public void Dispose()
    {
        _open?.Dispose();
        _open = null;
    }

    private void Append(SafeFileHandle handle, long length, ReadOnlySpan<byte> lines)
    {
        try
        {
            var begins = length == 0;
            if (begins) RandomAccess.Write(handle, head.Span, 0);
            RandomAccess.Write(handle, lines, begins ? head.Length : length);
        }
        catch (IOException)
        {
            CutOff(handle, length);
            throw;
        }
    }

    /// <summary>The file that has the name, rolled first where it must be.</summary>
    private SafeFileHandle Ready(int more, out long length)
    {
        if (_open is { } before && !IsStillThere(before.SafeFileHandle)) Dispose();
        var handle = Open(out length);
        if (MustRoll(length, more))
        {
            Dispose();
            log.Rolled(file.Path, RolledFiles.Roll(file.Path, time.GetUtcNow()));
            RolledFiles.Trim(file.Path, file.Keep);
            handle = Open(out length);
        }

        if (length <= head.Length) _day = Today;
        return handle;
    }

    private bool MustRoll(long length, int more) =>
        length > head.Length && (length + more > file.MaxSize || (file.IsDaily && _day != Today));

    /// <summary>Nobody else writes: another file of that name has another length.</summary>
    private bool IsStillThere(SafeFileHandle handle) =>
        new FileInfo(file.Path) is { Exists: true } named && named.Length == RandomAccess.GetLength(handle);

    private SafeFileHandle Open(out long length)
    {
        if (_open is null)
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerAndGroup;
            _open = new FileStream(file.Path, options);
            _day = DateOnly.FromDateTime(File.GetLastWriteTimeUtc(file.Path));
            CutHalfLine(_open.SafeFileHandle);
        }

        length = RandomAccess.GetLength(_open.SafeFileHandle);
        return _open.SafeFileHandle;
    }

    private static void CutHalfLine(SafeFileHandle handle)
    {
        var length = RandomAccess.GetLength(handle);
        var tail = new byte[Math.Min(length, Tail)];
        var from = length - tail.Length;
        var end = tail.AsSpan(0, RandomAccess.Read(handle, tail, from)).LastIndexOf((byte)'\n') + 1;
        // Without any end of a line it is not a file that this program wrote: it stays as it is.
        if (end > 0 && end < tail.Length) RandomAccess.SetLength(handle, from + end);
    }

    private static void CutOff(SafeFileHandle handle, long length)
    {
        try
        {
            RandomAccess.SetLength(handle, length);
        }
        catch (IOException)
        {
            // A device has no length; of a disk that is gone nothing can be taken back.
        }
    }
}
