using Microsoft.Extensions.Logging;

namespace Webcluster.Submission.Auth;

/// <summary>
/// The users file in memory. It looks at the file's time and length at most once a second, and reads it again when they changed; a file
/// that cannot be read, or is gone, leaves what was read last; so does one that was just written and lacks users, until it has stayed as it
/// is: who writes a file in place empties it first. Before anything was read, nobody is known and nobody unknown.
/// </summary>
public sealed class FileCredentialStore(CredentialFile file, TimeProvider time, ILogger<FileCredentialStore> log) : ICredentialStore
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private const UnixFileMode OthersMay = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    private readonly Lock _reading = new();
    private IReadOnlyDictionary<string, Credential>? _users;
    private string[] _tenants = [];
    private (DateTime Written, long Length) _seen;
    private (DateTime Written, long Length) _doubted;
    private string? _trouble;
    private long _lookedAt;
    private bool _looked;

    public ValueTask<CredentialLookup> FindAsync(string name, CancellationToken cancellation)
    {
        lock (_reading)
        {
            Look();
            return ValueTask.FromResult<CredentialLookup>(
                _users is null ? new CredentialLookup.Unknown()
                : _users.TryGetValue(name, out var user) ? new CredentialLookup.Found(user)
                : new CredentialLookup.Nobody());
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
            // The length of a file that is not there is an exception.
            var seen = (info.LastWriteTimeUtc, info.Length);
            if (seen != _seen) Read(info, seen);
            _trouble = null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Once: whoever tries a password would write the next line.
            if (_trouble != error.Message) log.UsersUnreadable(error, file.Path);
            _trouble = error.Message;
        }
    }

    private void Read(FileInfo info, (DateTime Written, long Length) seen)
    {
        var users = file.Read(out var badLines);
        if (IsDoubtful(users, seen)) return;
        _users = users;
        _tenants = [.. users.Values.Select(user => user.Tenant).Distinct(StringComparer.Ordinal)];
        _seen = seen;
        log.UsersRead(users.Count, file.Path);
        if (badLines > 0) log.UsersBadLines(badLines, file.Path);
        if (!OperatingSystem.IsWindows() && (info.UnixFileMode & OthersMay) != UnixFileMode.None)
            log.UsersReadableByOthers(file.Path);
    }

    // The second look is for files whose time is ahead of this clock.
    private bool IsDoubtful(IReadOnlyDictionary<string, Credential> users, (DateTime Written, long Length) seen)
    {
        var isOld = time.GetUtcNow().UtcDateTime - seen.Written >= LookEvery;
        if (isOld || seen == _doubted || _users is null || _users.Keys.All(users.ContainsKey)) return false;
        _doubted = seen;
        return true;
    }
}
