using Webcluster.Queue.Lanes;

namespace Webcluster.Submission.Auth;

/// <summary>One user as stored. The password is only there as a hash.</summary>
/// <param name="PasswordHash">As <see cref="Auth.PasswordHash"/> writes it.</param>
public sealed record Credential(string Name, string Tenant, string PasswordHash, SenderPatterns Senders, MailClass? Class = null)
{
    public AuthenticatedPrincipal Principal => new(Name, Tenant, Senders, Class);
}
