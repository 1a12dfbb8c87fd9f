using System.Text;

namespace Webcluster.Submission.Auth;

/// <summary>
/// The users file. Writing replaces it as a whole, readable by its owner alone: a node that reads meanwhile sees the old or the new file.
/// Two writers at once are kept apart by a lock beside it.
/// </summary>
public sealed class CredentialFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path { get; } = path;

    /// <summary>All users, by name; empty where there is no file. Lines that are no user are counted and passed over.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyDictionary<string, Credential> Read(out int badLines)
    {
        var users = new SortedDictionary<string, Credential>(StringComparer.Ordinal);
        badLines = 0;
        if (!File.Exists(Path)) return users;
        foreach (var line in File.ReadLines(Path, Encoding.UTF8))
        {
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#')) continue;
            if (CredentialText.Parse(line.Trim()) is { } user) users[user.Name] = user;
            else badLines++;
        }

        return users;
    }

    /// <summary>Adds a user, or replaces the one of that name.</summary>
    /// <returns>What is wrong with the arguments; null where nothing is and the file was written.</returns>
    /// <exception cref="IOException">The file cannot be written, or has lines that are no user and would be lost.</exception>
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
        using var writing = new FileStream(Path + ".lock", Options(FileMode.OpenOrCreate, FileShare.None));
        var read = Read(out var badLines);
        if (badLines > 0) throw new IOException($"{Path} has {badLines} lines that are no user; mend or remove them first");
        var users = new SortedDictionary<string, Credential>(read.ToDictionary(), StringComparer.Ordinal);
        change(users);
        Write(users.Values);
    }

    private void Write(IEnumerable<Credential> users)
    {
        var temporary = Path + ".new";
        using (var file = new FileStream(temporary, Options(FileMode.Create, FileShare.None)))
        {
            using var writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            writer.NewLine = "\n";
            writer.WriteLine("# name:tenant:hash:senders[:class]");
            foreach (var user in users) writer.WriteLine(CredentialText.Format(user));
            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, Path, overwrite: true);
    }

    private static FileStreamOptions Options(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return options;
    }
}
