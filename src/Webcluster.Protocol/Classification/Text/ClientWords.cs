namespace Webcluster.Protocol.Classification.Text;

/// <summary>What sending servers write after a reply in their reports; it says nothing of what the reply means.</summary>
internal static class ClientWords
{
    private static readonly string[] Endings =
        ["(in reply to ", "Giving up on ", "I'm not going to try again", "This has been a permanent failure", "Remote-MTA:"];

    /// <summary>The text up to the first of them, unless nothing stands before it.</summary>
    public static ReadOnlySpan<char> Without(ReadOnlySpan<char> text)
    {
        foreach (var ending in Endings)
        {
            var at = text.IndexOf(ending, StringComparison.Ordinal);
            if (at > 0 && !text[..at].IsWhiteSpace()) text = text[..at];
        }
        return text;
    }
}
