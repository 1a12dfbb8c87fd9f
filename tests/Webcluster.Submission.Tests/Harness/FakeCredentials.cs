using Webcluster.Queue.Lanes;
using Webcluster.Submission.Auth;

namespace Webcluster.Submission.Tests.Harness;

/// <summary>Users whose passwords are cheap to check.</summary>
internal sealed class FakeCredentials : ICredentialStore
{
    private readonly Dictionary<string, Credential> _users = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Tenants => [.. _users.Values.Select(user => user.Tenant)];

    public void Add(string name, string password, string senders = "*", string tenant = "default", MailClass? mailClass = null) =>
        _users[name] = new Credential(name, tenant, PasswordHash.Create(password, iterations: 1), Patterns(senders), mailClass);

    /// <summary>Changes who a user may send as, and nothing else.</summary>
    public void Restrict(string name, string senders) => _users[name] = _users[name] with { Senders = Patterns(senders) };

    public void Remove(string name) => _users.Remove(name);

    /// <summary>As where they cannot be read.</summary>
    public bool AreUnknown { get; set; }

    public ValueTask<CredentialLookup> FindAsync(string name, CancellationToken cancellation) =>
        ValueTask.FromResult<CredentialLookup>(
            AreUnknown ? new CredentialLookup.Unknown()
            : _users.TryGetValue(name, out var user) ? new CredentialLookup.Found(user)
            : new CredentialLookup.Nobody());

    private static SenderPatterns Patterns(string senders) => SenderPatterns.TryParse(senders, out var patterns)
        ? patterns
        : throw new ArgumentException(senders, nameof(senders));
}
