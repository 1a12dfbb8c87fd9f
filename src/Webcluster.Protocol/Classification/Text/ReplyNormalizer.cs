using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Classification.Text;

/// <summary>
/// Makes replies that differ only in names, numbers and spelling the same. One pass, linear; what stands after <see cref="MaxLength"/> is
/// not read. Rules' phrases go through it too, so that both are spelled alike.
/// </summary>
internal static class ReplyNormalizer
{
    /// <summary>Longer than any reply a server writes. rfc5321#4.5.3.1.5 has 512 octets for a line.</summary>
    public const int MaxLength = 4000;

    private const string Brackets = "<>()[]{}\",;|";
    private const string Trimmed = ".:!?'`*-#…~=/\\";

    public static ReplyText Normalize(string reply) => Normalize(Utf8Repair.Repair(reply, MaxLength), isReply: true);

    /// <summary>A phrase of a rule, with a space at both ends: no code is looked for, and names in braces stay.</summary>
    public static string Phrase(string phrase) => Normalize(phrase, isReply: false).Words;

    private static ReplyText Normalize(ReadOnlySpan<char> text, bool isReply)
    {
        var words = new WordWriter(text.Length);
        var code = 0;
        var enhanced = default(EnhancedCode);
        for (var at = 0; at < text.Length;)
        {
            if (IsSeparator(text[at]))
            {
                if (!isReply && text[at] == '{' && Placeholder(text[at..]) is { Length: > 0 } placeholder)
                {
                    words.Add(placeholder);
                    at += placeholder.Length;
                }
                else at++;
                continue;
            }
            var start = at;
            while (at < text.Length && !IsSeparator(text[at])) at++;
            var chunk = text[start..at].Trim(Trimmed);
            if (isReply) chunk = TakeCodes(chunk, new Surroundings(text[..start], text[at..]), ref code, ref enhanced);
            if (!isReply && chunk.StartsWith('@')) words.AddLabel(chunk[1..]);
            else if (chunk.Length > 0) Write(ref words, chunk);
        }
        return new ReplyText(code, enhanced, words.ToString());
    }

    private static bool IsSeparator(char letter) => char.IsWhiteSpace(letter) || Brackets.Contains(letter);

    private static ReadOnlySpan<char> Placeholder(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf('}');
        return end is > 1 and < 12 ? text[..(end + 1)] : default;
    }

    /// <summary>Takes the reply code and the enhanced code out: the first ones count, and a later line's are the same again.</summary>
    private static ReadOnlySpan<char> TakeCodes(
        ReadOnlySpan<char> chunk, scoped Surroundings around, scoped ref int code, scoped ref EnhancedCode enhanced)
    {
        if (chunk.Length >= 3 && Chunks.IsReplyCode(chunk[..3]) && (chunk.Length == 3 || chunk[3] is '-' or ':' or ' '))
        {
            var number = (chunk[0] - '0') * 100 + (chunk[1] - '0') * 10 + (chunk[2] - '0');
            if (number == code || (code == 0 && around.AreOfACode(chunk.Length > 3)))
            {
                code = number;
                chunk = chunk.Length == 3 ? default : chunk[4..];
            }
        }
        if (!Chunks.TryEnhanced(chunk, out var found)) return chunk;
        if (enhanced.IsNone) enhanced = found;
        return default;
    }

    private static void Write(ref WordWriter words, ReadOnlySpan<char> chunk)
    {
        switch (Chunks.KindOf(chunk))
        {
            case ChunkKind.Url: words.AddUrl(chunk); break;
            case ChunkKind.Address: words.Add("{addr}"); break;
            case ChunkKind.Ip: words.Add("{ip}"); break;
            case ChunkKind.Time: words.Add("{duration}"); break;
            case ChunkKind.Host:
                words.Add("{host}");
                words.AddLabels(chunk, all: false);
                break;
            default: words.AddWords(chunk); break;
        }
    }

    /// <summary>What stands before and after a number decides whether it is a reply code.</summary>
    private readonly ref struct Surroundings(ReadOnlySpan<char> before, ReadOnlySpan<char> after)
    {
        private readonly ReadOnlySpan<char> _before = before.TrimEnd();
        private readonly ReadOnlySpan<char> _after = after.TrimStart();

        public bool AreOfACode(bool continued)
        {
            if (_before.IsEmpty || continued || ":;<([\"'".Contains(_before[^1])) return true;
            var end = _after.IndexOf(' ');
            if (Chunks.TryEnhanced(end < 0 ? _after : _after[..end], out _)) return true;
            foreach (var word in (ReadOnlySpan<string>)["said", "error", "code", "reply", "response", "status", "smtp", "returned"])
                if (_before.EndsWith(word, StringComparison.OrdinalIgnoreCase)) return true;
            return false;
        }
    }
}
