namespace Webcluster.Submission.Auth;

/// <summary>What is known of a user's name.</summary>
public abstract record CredentialLookup
{
    public sealed record Found(Credential User) : CredentialLookup;

    /// <summary>There is no such user.</summary>
    public sealed record Nobody : CredentialLookup;

    /// <summary>It cannot be known now: the client is to try again, and has done nothing wrong.</summary>
    public sealed record Unknown : CredentialLookup;
}
