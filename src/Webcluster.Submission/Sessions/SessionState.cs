namespace Webcluster.Submission.Sessions;

/// <summary>
/// Where a session stands between two commands. TLS and authentication are no states: they are guards of single commands.
/// </summary>
internal enum SessionState
{
    /// <summary>Greeted; the client has not named itself.</summary>
    Connected,

    /// <summary>After EHLO or HELO, outside a transaction.</summary>
    Ready,

    /// <summary>MAIL was accepted.</summary>
    Sender,

    /// <summary>At least one RCPT was accepted.</summary>
    Recipients,

    /// <summary>At least one BDAT was accepted, and none that was the last.</summary>
    Chunks,
}
