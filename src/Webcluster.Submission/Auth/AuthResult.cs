namespace Webcluster.Submission.Auth;

/// <summary>What an attempt to authenticate came to.</summary>
internal abstract record AuthResult
{
    public sealed record Accepted(Credential User) : AuthResult;

    /// <param name="Delay">To be waited before the client is told.</param>
    public sealed record Rejected(TimeSpan Delay) : AuthResult;

    /// <summary>Too many hashes are being computed; nothing was found out.</summary>
    public sealed record Overloaded : AuthResult;

    /// <summary>Who the users are cannot be known now; nothing was found out.</summary>
    public sealed record Unknown : AuthResult;

    /// <summary>The client's network failed too often; it was not listened to.</summary>
    public sealed record Blocked : AuthResult;
}
