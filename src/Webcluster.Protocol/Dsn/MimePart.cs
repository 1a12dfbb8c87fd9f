namespace Webcluster.Protocol.Dsn;

/// <summary>One part of a report. The media type, description and encoding are ours; the content may be anybody's.</summary>
internal sealed record MimePart(string MediaType, string Description, string Encoding, ReadOnlyMemory<byte> Content)
{
    public const string SevenBit = "7bit";
    public const string EightBit = "8bit";
    public const string QuotedPrintable = "quoted-printable";
}
