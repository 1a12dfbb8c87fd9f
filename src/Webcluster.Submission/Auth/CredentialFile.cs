using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Webcluster.Submission.Auth;

/// <summary>
/// The users file. Writing replaces it as a whole: a node that reads meanwhile sees the old or the new file. A new one is readable by its
/// owner alone; one that is replaced keeps owner, group and mode, because the node may run as another user than whoever changes its users.
/// Two writers at once are kept apart by a lock beside it.
/// </summary>
public sealed class CredentialFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path { get; } = path;

    /// <summary>All users, by name. Lines that are no user are counted and passed over.</summary>
    /// <exception cref="IOException">The file cannot be read, or is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public IReadOnlyDictionary<string, Credential> Read(out int badLines)
    {
        var users = new SortedDictionary<string, Credential>(StringComparer.Ordinal);
        badLines = 0;
        foreach (var line in File.ReadLines(Path, Encoding.UTF8))
        {
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#')) continue;
            if (CredentialText.Parse(line.Trim()) is { } user) users[user.Name] = user;
            else badLines++;
        }

        return users;
    }

    /// <summary>As <see cref="Read"/>, but none where there is no file yet.</summary>
    public IReadOnlyDictionary<string, Credential> ReadIfAny(out int badLines)
    {
        try
        {
            return Read(out badLines);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            badLines = 0;
            return new Dictionary<string, Credential>(StringComparer.Ordinal);
        }
    }

    /// <summary>Adds a user, or replaces the one of that name.</summary>
    /// <returns>What is wrong with the arguments; null where nothing is and the file was written.</returns>
    /// <exception cref="IOException">The file cannot be written, or has lines that are no user and would be lost.</exception>
    /// <exception cref="UnauthorizedAccessException">It is somebody else's, and would become the caller's.</exception>
    public string? Set(NewUser user)
    {
        if (!CredentialText.IsName(user.Name))
            return "a name has 1 to 128 printable ASCII characters, no colon, no space, and does not begin with #";
        if (!CredentialText.IsName(user.Tenant)) return "a tenant is written like a name";
        if (user.Password.Length == 0) return "an empty password is never accepted";
        if (!SenderPatterns.TryParse(user.Senders, out var senders)) return "senders are *, domains or addresses, separated by commas";
        var credential = new Credential(user.Name, user.Tenant, PasswordHash.Create(user.Password), senders, user.Class);
        Change(users => users[user.Name] = credential);
        return null;
    }

    /// <returns>False where there was no such user.</returns>
    /// <exception cref="IOException">As for <see cref="Set"/>.</exception>
    public bool Remove(string name)
    {
        var removed = false;
        Change(users => removed = users.Remove(name));
        return removed;
    }

    private void Change(Action<SortedDictionary<string, Credential>> change)
    {
        if (FileOwner.IsSomebodyElse(Path))
            throw new UnauthorizedAccessException($"{Path} belongs to another user: do this as that user, or as root");
        using var writing = Locked();
        var read = ReadIfAny(out var badLines);
        if (badLines > 0) throw new IOException($"{Path} has {badLines} lines that are no user; mend or remove them first");
        var users = new SortedDictionary<string, Credential>(read.ToDictionary(), StringComparer.Ordinal);
        change(users);
        Write(users.Values);
    }

    // What a link of such a name leads to is neither overwritten nor given away: whoever runs this may be root.
    private FileStream Locked()
    {
        var locked = Path + ".lock";
        if (File.Exists(locked)) return new FileStream(locked, FileMode.Open, FileAccess.Write, FileShare.None);
        var made = new FileStream(locked, NewFile());
        FileOwner.Copy(Path, made.SafeFileHandle);
        return made;
    }

    private void Write(IEnumerable<Credential> users)
    {
        var temporary = Path + ".new";
        File.Delete(temporary);
        try
        {
            using (var file = new FileStream(temporary, NewFile()))
            {
                TakeAfter(file.SafeFileHandle);
                using var writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
                writer.NewLine = "\n";
                writer.WriteLine("# name:tenant:hash:senders[:class]");
                foreach (var user in users) writer.WriteLine(CredentialText.Format(user));
                writer.Flush();
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, Path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private void TakeAfter(SafeFileHandle replacement)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(Path)) return;
        FileOwner.Copy(Path, replacement);
        File.SetUnixFileMode(replacement, File.GetUnixFileMode(Path));
    }

    private static FileStreamOptions NewFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return options;
    }
}
