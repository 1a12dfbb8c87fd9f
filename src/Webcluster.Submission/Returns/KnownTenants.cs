using Webcluster.Submission.Auth;

namespace Webcluster.Submission.Returns;

/// <summary>Who may have sent a message of which nothing is known any more: the tenants that this node has heard of.</summary>
/// <param name="configured">Tenants that need no user: of trusted clients, and with a return path of their own.</param>
internal sealed class KnownTenants(ICredentialStore users, IEnumerable<string> configured)
{
    private readonly string[] _configured = [.. configured.Distinct(StringComparer.Ordinal)];

    public IEnumerable<string> Names => _configured.Union(users.Tenants, StringComparer.Ordinal);
}
