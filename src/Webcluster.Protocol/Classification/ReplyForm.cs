using Webcluster.Protocol.Classification.Text;

namespace Webcluster.Protocol.Classification;

/// <summary>What replies that differ in names and numbers only have in common, written as a reply: read again, it means the same (but for a
/// few in a hundred, whose numbers and names look like something else without what stood beside them). Addresses, hosts, ids and the like
/// are not in it.</summary>
public static class ReplyForm
{
    /// <summary>Of a longer one the beginning.</summary>
    public const int MaxLength = 400;

    private const char LabelMark = '@';

    /// <returns>Null where the text has no reply code: no server said it.</returns>
    public static string? Of(string reply)
    {
        var text = ReplyNormalizer.Normalize(reply);
        if (text.Code == 0) return null;
        var words = text.Words.AsSpan();
        // The labels of hosts come last. No word begins with their mark.
        if (words.IndexOf(LabelMark) is >= 0 and var labels) words = words[..labels];
        var form = $"{text.Code}{(text.Enhanced.IsNone ? "" : $" {text.Enhanced}")}{words.TrimEnd()}";
        return form.Length <= MaxLength ? form : form[..form.LastIndexOf(' ', MaxLength)];
    }
}
