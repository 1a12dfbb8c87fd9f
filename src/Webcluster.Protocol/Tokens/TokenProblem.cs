namespace Webcluster.Protocol.Tokens;

/// <summary>Why a token is not believed; the first that holds, in this order.</summary>
public enum TokenProblem
{
    None,

    /// <summary>No text that was ever written for such a token.</summary>
    Malformed,

    /// <summary>Signed with a key that is not, or no longer, known.</summary>
    UnknownKey,

    /// <summary>The signature is not the key's.</summary>
    Forged,

    /// <summary>Once valid; what it says is true.</summary>
    Expired,
}
