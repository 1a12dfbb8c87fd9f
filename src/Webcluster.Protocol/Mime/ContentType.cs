namespace Webcluster.Protocol.Mime;

/// <summary>Content-Type (RFC 2045 §5), lower case; text/plain where it is absent or cannot be read.</summary>
public sealed record ContentType(string Type, string Subtype, MimeParameters Parameters)
{
    public static ContentType Default { get; } = new("text", "plain", MimeParameters.None);

    public bool IsMultipart => Type == "multipart";

    public string? Boundary => Parameters["boundary"];
    public string? Charset => Parameters["charset"];

    public static ContentType Parse(string? value)
    {
        if (value is null) return Default;
        var semicolon = value.IndexOf(';', StringComparison.Ordinal);
        var media = (semicolon < 0 ? value : value[..semicolon]).Trim().ToLowerInvariant();
        var parameters = semicolon < 0 ? MimeParameters.None : MimeParameters.Parse(value[(semicolon + 1)..]);
        var slash = media.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0) return Default with { Parameters = parameters };
        // A parameter without its semicolon stands behind white space.
        var subtype = media[(slash + 1)..].Split(' ', '\t')[0];
        return new ContentType(media[..slash].Trim(), subtype, parameters);
    }

    public bool Is(string type, string subtype) => Type == type && Subtype == subtype;
}
