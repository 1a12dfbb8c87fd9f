namespace Webcluster.TestKit.Dns;

/// <summary>What a <see cref="ZoneServer"/> does with the questions for a name, besides answering them.</summary>
[Flags]
public enum ZoneBehaviour
{
    None = 0,

    /// <summary>Over UDP: TC and no record.</summary>
    Truncate = 1,

    /// <summary>Over TCP too: TC, which makes no sense there.</summary>
    TruncateTcp = 2,

    ServerFailure = 4,
    Refuse = 8,

    /// <summary>The question is seen and not answered.</summary>
    Silent = 16,

    /// <summary>Before the true answer comes a false one with another id.</summary>
    LieId = 32,

    /// <summary>Before the true answer comes a false one to another question.</summary>
    LieQuestion = 64,

    /// <summary>Before the true answer come octets that are no message.</summary>
    Garbage = 128,

    /// <summary>A question with EDNS is a FORMERR, its header only.</summary>
    RefuseEdns = 256,

    /// <summary>The AD bit is set, where the question asked for it.</summary>
    Authentic = 512,

    /// <summary>An alias is answered without what it leads to, as if that were another server's.</summary>
    AliasOnly = 1024,

    /// <summary>"Ask those servers": NOERROR, NS in the authority section.</summary>
    Refer = 2048,

    /// <summary>The TCP connection is closed instead of an answer.</summary>
    CloseTcp = 4096,
}
