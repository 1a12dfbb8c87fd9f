namespace Webcluster.Protocol.ProxyProtocol;

/// <summary>Why octets are no PROXY header; the connection is of no further use then.</summary>
public enum ProxyProblem
{
    None,

    /// <summary>They begin as neither version does.</summary>
    NoSignature,

    /// <summary>Version 1: no CRLF within 107 octets.</summary>
    LineTooLong,

    /// <summary>Version 1: something in the line is not as it must be.</summary>
    LineMalformed,

    /// <summary>The signature of version 2, and another version behind it.</summary>
    UnknownVersion,

    UnknownCommand,

    UnknownFamily,

    /// <summary>Version 2: too short for the addresses it says it has.</summary>
    TooShort,

    /// <summary>Version 2: longer than is taken.</summary>
    TooLong,
}
