namespace Webcluster.Submission.Sessions;

/// <summary>What waiting for input came to.</summary>
public enum ReadStatus
{
    /// <summary>There is a line, or more input.</summary>
    Ready,

    /// <summary>More octets than allowed without an end of line; nothing was consumed.</summary>
    TooLong,

    /// <summary>The peer closed, the connection broke, or the peer did not take our replies in time.</summary>
    Closed,

    TimedOut,

    /// <summary><see cref="SmtpConnection.Interrupt"/> was called; nothing was consumed.</summary>
    Interrupted,
}
