namespace Webcluster.Submission.Sessions;

/// <summary>How a session ended; the names are label values of metrics.</summary>
internal enum SessionEnd
{
    /// <summary>The client said QUIT.</summary>
    Quit,

    /// <summary>The connection ended without QUIT.</summary>
    Lost,

    /// <summary>The client took too long, to write or to read.</summary>
    TimedOut,

    /// <summary>The handshake failed.</summary>
    TlsFailed,

    /// <summary>The server closed because of what the client did.</summary>
    Refused,

    /// <summary>The node is stopping.</summary>
    Drained,

    /// <summary>Too many connections; nothing was read.</summary>
    Turned,

    /// <summary>A fault of the server.</summary>
    Failed,
}
