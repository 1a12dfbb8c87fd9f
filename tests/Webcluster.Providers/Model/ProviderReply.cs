using System.Net;

namespace Webcluster.Providers.Model;

/// <summary>A reply in the provider's own words.</summary>
/// <param name="Text">Its lines, without codes; {ip} stands for the source, {rcpt} for the recipient.</param>
internal sealed record ProviderReply(int Code, params string[] Text)
{
    /// <summary>The server says goodbye with it.</summary>
    public bool Closes => Code is 421 or 554;

    /// <summary>As it goes over the wire, with its last CRLF.</summary>
    public string ToWire(IPAddress source, string recipient)
    {
        var lines = Text.Select((line, i) => $"{Code}{(i == Text.Length - 1 ? ' ' : '-')}{line}\r\n");
        return string.Concat(lines)
            .Replace("{ip}", source.ToString(), StringComparison.Ordinal).Replace("{rcpt}", recipient, StringComparison.Ordinal);
    }
}
