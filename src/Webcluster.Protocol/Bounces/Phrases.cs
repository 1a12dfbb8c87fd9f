using System.Buffers;

namespace Webcluster.Protocol.Bounces;

/// <summary>A set of phrases, any case, found in one pass.</summary>
internal sealed class Phrases(params string[] phrases)
{
    private readonly SearchValues<string> _phrases = SearchValues.Create(phrases, StringComparison.OrdinalIgnoreCase);

    public bool IsIn(ReadOnlySpan<char> text) => text.ContainsAny(_phrases);
}
