namespace Webcluster.Protocol.ReturnPaths;

/// <summary>Why a token is not taken.</summary>
public enum TokenProblem
{
    None,

    /// <summary>No token of ours, or of a version that is not known.</summary>
    Malformed,

    /// <summary>Signed with a key that is not there, or not there any more.</summary>
    UnknownKey,

    /// <summary>The signature does not fit.</summary>
    Forged,

    /// <summary>Ours, and too old.</summary>
    Expired,
}
