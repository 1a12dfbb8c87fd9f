using Webcluster.Queue.Lanes;

namespace Webcluster.Queue.Routing;

/// <summary>What is known of a message beside its recipients, and can decide which pool it leaves from.</summary>
/// <param name="SenderDomain">Of the envelope; empty for the null reverse-path.</param>
/// <param name="User">The credential's name; empty where nobody signed in.</param>
/// <param name="AskedPool">The pool that the message itself asks for; null: none.</param>
public sealed record MailOrigin(string SenderDomain, string User, string Tenant, MailClass Class, string? AskedPool = null)
{
    /// <summary>Mail of this server about a tenant's mail.</summary>
    public static MailOrigin Report(string tenant) => new("", "", tenant, MailClass.Normal);
}
