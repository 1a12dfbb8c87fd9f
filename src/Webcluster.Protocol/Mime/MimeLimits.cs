namespace Webcluster.Protocol.Mime;

/// <summary>All that bounds the parsing of a mail from outside. What lies beyond a limit is passed over, never an error.</summary>
public sealed record MimeLimits
{
    public static MimeLimits Default { get; } = new();

    /// <summary>Octets of a mail that are looked at. Reports stand in front of what they return.</summary>
    public int MaxOctets { get; init; } = 4 * 1024 * 1024;

    /// <summary>Multiparts and messages inside one another.</summary>
    public int MaxDepth { get; init; } = 10;

    /// <summary>Parts of the whole mail.</summary>
    public int MaxParts { get; init; } = 200;

    /// <summary>Header fields of the whole mail.</summary>
    public int MaxFields { get; init; } = 5000;

    /// <summary>Octets of one header.</summary>
    public int MaxHeaderOctets { get; init; } = 128 * 1024;

    /// <summary>Octets of one field's value that are read.</summary>
    public int MaxFieldOctets { get; init; } = 16 * 1024;

    /// <summary>Octets of a part's text, after decoding, that are read; of all parts of a report's text, up to twice as many.</summary>
    public int MaxTextOctets { get; init; } = 256 * 1024;

    /// <summary>Octets of all messages that stand base64 or quoted-printable encoded inside the mail, after decoding.</summary>
    public int MaxDecodedOctets { get; init; } = 2 * 1024 * 1024;
}
