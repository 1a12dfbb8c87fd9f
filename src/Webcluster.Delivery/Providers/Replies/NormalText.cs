namespace Webcluster.Delivery.Providers.Replies;

/// <summary>
/// The text of a reply as rules compare it: lower case, one space for a run of them, nothing between angle brackets, cut at a length. What
/// a reply has in brackets is mostly an address that it repeats: a sender must not be able to slow everybody's mail by the words in his.
/// </summary>
internal static class NormalText
{
    public const int Longest = 2000;

    public static string Of(string text)
    {
        var rest = text.AsSpan(0, Math.Min(text.Length, Longest));
        var lastEnd = rest.LastIndexOf('>');
        var normal = new char[rest.Length];
        var length = 0;
        for (var i = 0; i < rest.Length; i++)
        {
            var c = rest[i];
            if (c == ' ' && (length == 0 || normal[length - 1] == ' ')) continue;
            normal[length++] = char.ToLowerInvariant(c);
            // The next one to be looked at is the bracket that ends it.
            if (c == '<' && i < lastEnd) i += rest[i..].IndexOf('>') - 1;
        }
        return new string(normal, 0, length);
    }
}
