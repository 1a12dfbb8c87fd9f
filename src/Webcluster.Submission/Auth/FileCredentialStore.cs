using Microsoft.Extensions.Logging;

namespace Webcluster.Submission.Auth;

/// <summary>
/// The users file in memory. It looks at the file's time and length at most once a second, and reads it again when they changed; a file
/// that cannot be read, or is gone, leaves what was read last. Before anything was read, nobody is known and nobody unknown.
/// </summary>
public sealed class FileCredentialStore(CredentialFile file, TimeProvider time, ILogger<FileCredentialStore> log) : ICredentialStore
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private const UnixFileMode OthersMay = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    private readonly Lock _reading = new();
    private IReadOnlyDictionary<string, Credential>? _users;
    private string[] _tenants = [];
    private (DateTime Written, long Length) _seen;
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
            if (seen == _seen)
            {
                _trouble = null;
                return;
            }

            _users = file.Read(out var badLines);
            _tenants = [.. _users.Values.Select(user => user.Tenant).Distinct(StringComparer.Ordinal)];
            _seen = seen;
            _trouble = null;
            log.UsersRead(_users.Count, file.Path);
            if (badLines > 0) log.UsersBadLines(badLines, file.Path);
            if (!OperatingSystem.IsWindows() && (info.UnixFileMode & OthersMay) != UnixFileMode.None)
                log.UsersReadableByOthers(file.Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Once: whoever tries a password would write the next line.
            if (_trouble != error.Message) log.UsersUnreadable(error, file.Path);
            _trouble = error.Message;
        }
    }
}
