namespace Webcluster.Queue.Embedded.Storage;

/// <summary>The folder of one queue: files for the owner only, held by one process at a time for as long as this object lives.</summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _folder;
    private readonly FileStream _lockFile;

    private DataFolder(string folder, FileStream lockFile)
    {
        _folder = folder;
        _lockFile = lockFile;
    }

    public string Database => Path.Combine(_folder, "queue.db");

    /// <summary>Makes the folder where it is absent. A folder that exists keeps the mode its owner gave it.</summary>
    public static DataFolder Take(string path)
    {
        path = Path.GetFullPath(path);
        FileStream opened;
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
            opened = Open(Path.Combine(path, "queue.lock"), FileShare.None);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new QueueStoreException($"The queue in {path} cannot be taken; is another process using it? {trouble.Message}", trouble);
        }
        return new DataFolder(path, opened);
    }

    /// <summary>Makes the database file before SQLite does, because SQLite gives its log files the mode of the database.</summary>
    public void PrepareDatabase() => Open(Database, FileShare.ReadWrite).Dispose();

    /// <returns>Octets that may still be written to the folder's file system; plenty where it does not say.</returns>
    public long FreeOctets()
    {
        try
        {
            return new DriveInfo(_folder).AvailableFreeSpace;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return long.MaxValue / 2;
        }
    }

    public void Dispose() => _lockFile.Dispose();

    private static FileStream Open(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }
}
