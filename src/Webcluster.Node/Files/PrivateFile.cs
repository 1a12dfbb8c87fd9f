namespace Webcluster.Node.Files;

/// <summary>Writes files that must be there whole or not at all: to another name first, then renamed.</summary>
internal static class PrivateFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>Mode 0600 from its first octet on.</summary>
    public static void Write(string path, string text) => Write(path, text, OwnerOnly);

    /// <summary>As <see cref="Write(string, string)"/>, but a file that is there, or that another process makes meanwhile, stays.</summary>
    public static void WriteWhereNone(string path, string text)
    {
        var temporary = Temporary(path, text, OwnerOnly);
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
        }
    }

    public static void WriteReadable(string path, string text) =>
        Write(path, text, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

    /// <summary>Makes the folder, and those above it, for the owner alone; one that is there stays as it is.</summary>
    public static void EnsureFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerFolder);
    }

    private static void Write(string path, string text, UnixFileMode mode) => File.Move(Temporary(path, text, mode), path, overwrite: true);

    private static string Temporary(string path, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        var temporary = $"{path}.{Environment.ProcessId}.new";
        using var file = new FileStream(temporary, options);
        using var writer = new StreamWriter(file);
        writer.Write(text);
        writer.Flush();
        // The new name must not be there before what it stands for.
        file.Flush(flushToDisk: true);
        return temporary;
    }
}
