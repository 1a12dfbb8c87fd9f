using System.Globalization;

namespace Webcluster.Protocol.Smtp;

/// <summary>What a server offered in its reply to EHLO.</summary>
public sealed record ServerCapabilities
{
    /// <summary>After HELO: nothing.</summary>
    public static ServerCapabilities None { get; } = new();

    public bool Pipelining { get; init; }

    public bool StartTls { get; init; }

    public bool EightBitMime { get; init; }

    public bool SmtpUtf8 { get; init; }

    public bool Dsn { get; init; }

    public bool Chunking { get; init; }

    public bool EnhancedStatusCodes { get; init; }

    /// <summary>Of SIZE (RFC 1870); null where it was not offered, or without a limit.</summary>
    public long? MaxSize { get; init; }

    /// <summary>Upper case; empty where AUTH was not offered.</summary>
    public IReadOnlyList<string> AuthMechanisms { get; init; } = [];

    /// <summary>SIZE was offered, with a limit or without one.</summary>
    public bool Size { get => field || MaxSize is not null; init; }

    /// <summary>REQUIRETLS (RFC 8689).</summary>
    public bool RequireTls { get; init; }

    /// <summary>Reads the lines of a positive EHLO reply; what is not known is passed over.</summary>
    public static ServerCapabilities Parse(SmtpReply ehloReply)
    {
        var capabilities = None;
        if (!ehloReply.IsPositive) return capabilities;
        // rfc5321#4.1.1.1: the first line is the server's name and greeting.
        foreach (var line in ehloReply.Lines.Skip(1))
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var keyword, .. var values])
                capabilities = capabilities.With(keyword.ToUpperInvariant(), values);
        return capabilities;
    }

    private ServerCapabilities With(string keyword, string[] values) => keyword switch
    {
        "PIPELINING" => this with { Pipelining = true },
        "STARTTLS" => this with { StartTls = true },
        "8BITMIME" => this with { EightBitMime = true },
        "SMTPUTF8" => this with { SmtpUtf8 = true },
        "DSN" => this with { Dsn = true },
        "CHUNKING" => this with { Chunking = true },
        "REQUIRETLS" => this with { RequireTls = true },
        "ENHANCEDSTATUSCODES" => this with { EnhancedStatusCodes = true },
        "SIZE" => this with { Size = true, MaxSize = ReadSize(values) },
        "AUTH" => WithMechanisms(values),
        // Servers that also serve clients from before RFC 4954 write the first mechanism behind "=".
        _ when keyword.StartsWith("AUTH=", StringComparison.Ordinal) => WithMechanisms([keyword["AUTH=".Length..], .. values]),
        _ => this,
    };

    private ServerCapabilities WithMechanisms(string[] values) => this with
    {
        AuthMechanisms = [.. AuthMechanisms.Union(values.Select(value => value.ToUpperInvariant()).Where(value => value.Length > 0))],
    };

    // rfc1870#4: none, or 0, is no fixed limit.
    private static long? ReadSize(string[] values) =>
        values is [var text, ..] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0
            ? size
            : null;
}
