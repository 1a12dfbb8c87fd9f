using Microsoft.Extensions.Logging;

namespace Webcluster.Submission.Auth;

/// <summary>
/// The users file in memory. It looks at the file's time and length at most once a second, and reads it again when they changed; a file
/// that cannot be read leaves what was read last.
/// </summary>
public sealed class FileCredentialStore(CredentialFile file, TimeProvider time, ILogger<FileCredentialStore> log) : ICredentialStore
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private const UnixFileMode OthersMay = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    private readonly Lock _reading = new();
    private IReadOnlyDictionary<string, Credential> _users = new Dictionary<string, Credential>();
    private string[] _tenants = [];
    private (DateTime Written, long Length) _seen;
    private long _lookedAt;
    private bool _looked;

    public ValueTask<Credential?> FindAsync(string name, CancellationToken cancellation)
    {
        lock (_reading)
        {
            Look();
            return ValueTask.FromResult(_users.GetValueOrDefault(name));
        }
    }

    public IReadOnlyCollection<string> Tenants
    {
        get
        {
            lock (_reading)
            {
                Look();
                return _tenants;
            }
        }
    }

    private void Look()
    {
        if (_looked && time.GetElapsedTime(_lookedAt) < LookEvery) return;
        _looked = true;
        _lookedAt = time.GetTimestamp();
        try
        {
            var info = new FileInfo(file.Path);
            var seen = info.Exists ? (info.LastWriteTimeUtc, info.Length) : default;
            if (seen == _seen) return;
            _users = file.Read(out var badLines);
            _tenants = [.. _users.Values.Select(user => user.Tenant).Distinct(StringComparer.Ordinal)];
            _seen = seen;
            log.UsersRead(_users.Count, file.Path);
            if (badLines > 0) log.UsersBadLines(badLines, file.Path);
            if (info.Exists && !OperatingSystem.IsWindows() && (info.UnixFileMode & OthersMay) != UnixFileMode.None)
                log.UsersReadableByOthers(file.Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.UsersUnreadable(error, file.Path);
        }
    }
}
