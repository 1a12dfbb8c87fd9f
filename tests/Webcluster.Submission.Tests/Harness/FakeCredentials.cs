using Webcluster.Submission.Auth;

namespace Webcluster.Submission.Tests.Harness;

/// <summary>Users whose passwords are cheap to check.</summary>
internal sealed class FakeCredentials : ICredentialStore
{
    private readonly Dictionary<string, Credential> _users = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Tenants => [.. _users.Values.Select(user => user.Tenant)];

    public void Add(string name, string password, string senders = "*", string tenant = "default")
    {
        if (!SenderPatterns.TryParse(senders, out var patterns)) throw new ArgumentException(senders, nameof(senders));
        _users[name] = new Credential(name, tenant, PasswordHash.Create(password, iterations: 1), patterns);
    }

    /// <summary>As where they cannot be read.</summary>
    public bool AreUnknown { get; set; }

    public ValueTask<CredentialLookup> FindAsync(string name, CancellationToken cancellation) =>
        ValueTask.FromResult<CredentialLookup>(
            AreUnknown ? new CredentialLookup.Unknown()
            : _users.TryGetValue(name, out var user) ? new CredentialLookup.Found(user)
            : new CredentialLookup.Nobody());
}
