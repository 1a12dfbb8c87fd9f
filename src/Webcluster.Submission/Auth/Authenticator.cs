using System.Net;
using System.Security.Cryptography;
using System.Text;
using Webcluster.Queue.Tallies;

namespace Webcluster.Submission.Auth;

/// <summary>
/// Decides who a client is. An unknown user costs the same hash as a known one. Failures are counted per network, which is then shut out
/// for the rest of the minute, and per user, whose failures only make answers slower: nobody can lock out somebody else. Who failed here is
/// told how often that was anywhere; who never fails asks nobody.
/// </summary>
internal sealed class Authenticator : IDisposable
{
    private const int CountersMost = 10_000;

    private readonly ICredentialStore _credentials;
    private readonly AuthOptions _options;
    private readonly PasswordVerifier _verifier;
    private readonly FailureCounter<ClientNetwork> _networks;
    private readonly FailureCounter<string> _users;
    private readonly ISharedTally? _everywhere;

    /// <param name="everywhere">Counts failures at all nodes; null: there is one.</param>
    public Authenticator(ICredentialStore credentials, AuthOptions options, TimeProvider time, ISharedTally? everywhere = null)
    {
        _everywhere = everywhere;
        _credentials = credentials;
        _options = options;
        _verifier = new PasswordVerifier(options, time);
        _networks = new FailureCounter<ClientNetwork>(time, CountersMost);
        _users = new FailureCounter<string>(time, CountersMost);
    }

    public async ValueTask<AuthResult> AuthenticateAsync(
        string name, ReadOnlyMemory<byte> password, IPAddress client, CancellationToken cancellation)
    {
        var network = ClientNetwork.Of(client);
        if (_networks.Count(network) >= _options.FailuresPerAddress) return new AuthResult.Blocked();
        var lookup = await _credentials.FindAsync(name, cancellation);
        if (lookup is CredentialLookup.Unknown) return new AuthResult.Unknown();
        var user = (lookup as CredentialLookup.Found)?.User;
        var verification = await _verifier.VerifyAsync(name, user?.PasswordHash ?? PasswordHash.Dummy, password);
        return verification switch
        {
            Verification.Overloaded => new AuthResult.Overloaded(),
            Verification.Right when user is not null => new AuthResult.Accepted(user),
            Verification.Right or Verification.Wrong =>
                new AuthResult.Rejected(Delay(await FailedAsync(network, Counted(name), cancellation))),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>
    /// What now holds of a user who has authenticated; null where he is no user any more, or has another password. Who cannot be looked up
    /// stays as he was.
    /// </summary>
    public async ValueTask<Credential?> ConfirmAsync(Credential user, CancellationToken cancellation) =>
        await _credentials.FindAsync(user.Name, cancellation) switch
        {
            CredentialLookup.Found(var now) => now.PasswordHash == user.PasswordHash ? now : null,
            CredentialLookup.Nobody => null,
            CredentialLookup.Unknown => user,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    public void Dispose() => _verifier.Dispose();

    private async ValueTask<int> FailedAsync(ClientNetwork network, string name, CancellationToken cancellation)
    {
        var (byNetwork, byUser) = (_networks.Add(network), _users.Add(name));
        if (_everywhere is null) return Math.Max(byNetwork, byUser);
        var (networks, users) = (
            _everywhere.CountAsync($"login:{network}", cancellation).AsTask(),
            _everywhere.CountAsync($"login:user:{Unreadable(name)}", cancellation).AsTask());
        return Math.Max(_networks.Raise(network, await networks ?? byNetwork), _users.Raise(name, await users ?? byUser));
    }

    // What is too long for a name counts as one: it would be kept, and may have thousands of characters.
    private static string Counted(string name) => name.Length <= CredentialText.MaxName ? name : "";

    // People type a password where the name belongs. Nodes share no secret for a keyed hash; of so short a one nobody reads back what was
    // typed, because thousands of guesses fit. Who shares it with another only makes his failures slower.
    private static string Unreadable(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 2));

    private TimeSpan Delay(int failures)
    {
        var delay = _options.FailureDelay * Math.Pow(2, Math.Min(failures - 1, 20));
        return delay < _options.FailureDelayMost ? delay : _options.FailureDelayMost;
    }
}
