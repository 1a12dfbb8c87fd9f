using System.Buffers;
using Microsoft.Net.Http.Headers;

namespace Webcluster.Node.Webhooks;

/// <summary>A header field that goes along with every request to an endpoint.</summary>
public sealed class WebhookHeaderOptions
{
    private const int Longest = 4096;

    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    // What the request is made of, or what its signature is.
    private static readonly HashSet<string> Ours = new(StringComparer.OrdinalIgnoreCase)
    {
        HeaderNames.Host, HeaderNames.ContentType, HeaderNames.ContentLength, HeaderNames.ContentEncoding, HeaderNames.TransferEncoding,
        HeaderNames.Connection, HeaderNames.Upgrade, HeaderNames.Expect, HeaderNames.TE, HeaderNames.Trailer,
    };

    /// <summary>The field's name. Those that make up the request or its signature are set by the node.</summary>
    public string Name { get; set; } = "";

    /// <summary>One line of ASCII.</summary>
    public string Value { get; set; } = "";

    /// <summary>File that holds the value, for one that is secret; instead of value.</summary>
    public string ValueFile { get; set; } = "";

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Name.Length is 0 or > 100 || Name.AsSpan().ContainsAnyExcept(Token))
            yield return ("name", $"'{Name}' is no header field's name");
        if (Ours.Contains(Name) || StartsWith("webhook-") || StartsWith("svix-"))
            yield return ("name", $"{Name} is set by the node itself");
        if (Value.Length > 0 == ValueFile.Length > 0) yield return ("value", "is needed, or value_file: one of the two");
        if (!IsValue(Value)) yield return ("value", $"must be one line of at most {Longest} ASCII characters");
    }

    internal string? FileProblem()
    {
        if (ValueFile.Length == 0) return null;
        try
        {
            return IsValue(Read()) ? null : $"{ValueFile} must hold one line of at most {Longest} ASCII characters";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{ValueFile} cannot be read: {error.Message}";
        }
    }

    /// <exception cref="IOException">The file cannot be read any more.</exception>
    internal string Read() => ValueFile.Length == 0 ? Value : File.ReadAllText(ValueFile).TrimEnd('\r', '\n');

    private static bool IsValue(string text) => text.Length <= Longest && text.All(c => c is >= ' ' and <= '~');

    private bool StartsWith(string prefix) => Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
}
