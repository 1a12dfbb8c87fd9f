namespace Webcluster.Submission.Policy;

/// <summary>Whether connections begin with a PROXY protocol header. It is never guessed.</summary>
public enum ProxyProtocolMode
{
    /// <summary>Clients connect themselves.</summary>
    Off,

    /// <summary>Every connection comes from a proxy and begins with a header of version 1 or 2.</summary>
    Required,
}
