namespace Webcluster.Submission.Auth;

/// <summary>Where users come from. Asked at each AUTH and MAIL, so it answers from memory or soon. Safe for concurrent use.</summary>
public interface ICredentialStore
{
    /// <summary>The user of that name, exactly as written.</summary>
    ValueTask<CredentialLookup> FindAsync(string name, CancellationToken cancellation);

    /// <summary>The tenants that users belong to, as far as it can list them.</summary>
    IReadOnlyCollection<string> Tenants { get; }
}
