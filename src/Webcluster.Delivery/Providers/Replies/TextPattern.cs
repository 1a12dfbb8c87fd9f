namespace Webcluster.Delivery.Providers.Replies;

/// <summary>
/// Parts that must stand in a text one behind the other. Each is searched once behind the last, so the time is bounded by the text,
/// whatever the text is.
/// </summary>
internal sealed class TextPattern(string pattern)
{
    private readonly string[] _parts =
        [.. NormalText.Of(pattern).Split('*').Select(part => part.Trim(' ')).Where(part => part.Length > 0)];

    /// <param name="text">From <see cref="NormalText"/>.</param>
    public bool Matches(ReadOnlySpan<char> text)
    {
        foreach (var part in _parts)
        {
            var at = text.IndexOf(part, StringComparison.Ordinal);
            if (at < 0) return false;
            text = text[(at + part.Length)..];
        }
        return true;
    }
}
