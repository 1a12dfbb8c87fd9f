namespace Webcluster.Protocol.Tokens;

/// <summary>What a token is for: one that serves one purpose is none for another. The numbers are frozen.</summary>
public enum TokenKind : byte
{
    /// <summary>The local part of a return path.</summary>
    ReturnPath = 1,

    /// <summary>A link by which its holder gets no more mail.</summary>
    Unsubscribe = 2,

    /// <summary>A header field by which a complaint is told to its message.</summary>
    Reference = 3,
}
