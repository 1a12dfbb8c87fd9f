using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Classification.Text;

/// <summary>
/// Makes replies that differ only in names, numbers and spelling the same. One pass, linear; what stands after <see cref="MaxLength"/> is
/// not read. Rules' phrases go through it too, so that both are spelled alike.
/// </summary>
internal ref struct ReplyNormalizer
{
    /// <summary>Longer than any reply a server writes. rfc5321#4.5.3.1.5 has 512 octets for a line.</summary>
    public const int MaxLength = 4000;

    private const string Brackets = "<>()[]{}\",;|";
    private const string Trimmed = ".:!?'`*-#…~=/\\";

    private static readonly string[] Placeholders = ["{addr}", "{ip}", "{host}", "{url}", "{id}", "{duration}", "{n}"];

    /// <summary>What stands before a reply code that is not at the start.</summary>
    private static readonly string[] BeforeCodes = ["said", "error", "code", "reply", "response", "status", "smtp", "returned"];

    private readonly ReadOnlySpan<char> _text;
    private readonly bool _isReply;
    private WordWriter _words;
    private int _code;
    private EnhancedCode _enhanced;

    /// <summary>What a client wrote before the server's reply; it counts only where no reply follows.</summary>
    private string? _introduction;
    private EnhancedCode _introduced;

    private ReplyNormalizer(ReadOnlySpan<char> text, bool isReply)
    {
        _text = text;
        _isReply = isReply;
        _words = new WordWriter(text.Length);
    }

    public static ReplyText Normalize(string reply) =>
        new ReplyNormalizer(ClientWords.Without(Utf8Repair.Repair(reply, MaxLength)), true).Run();

    /// <summary>A phrase of a rule, with a space at both ends: no code is looked for, and a word may be a host's label.</summary>
    public static string Phrase(string phrase) => new ReplyNormalizer(phrase, false).Run().Words;

    private ReplyText Run()
    {
        for (var at = 0; at < _text.Length;)
        {
            if (IsSeparator(_text[at]))
            {
                if (_text[at] == '{' && Placeholder(_text[at..]) is { Length: > 0 } placeholder)
                {
                    _words.Add(placeholder);
                    at += placeholder.Length;
                }
                else at++;
                continue;
            }
            if (_isReply && Chunks.Telephone(_text[at..]) is > 0 and var length)
            {
                at += length;
                continue;
            }
            var start = at;
            while (at < _text.Length && !IsSeparator(_text[at])) at++;
            var chunk = _text[start..at].Trim(Trimmed);
            if (_isReply) chunk = TakeCodes(chunk, start, at);
            if (!_isReply && chunk.StartsWith('@')) _words.AddLabel(chunk[1..]);
            else if (chunk.Length > 0) Write(chunk);
        }
        if (_introduction is null || !_words.IsEmpty) return new ReplyText(_code, _enhanced, _words.ToString());
        return new ReplyText(_code, _enhanced.IsNone ? _introduced : _enhanced, _introduction);
    }

    private static bool IsSeparator(char letter) =>
        char.IsWhiteSpace(letter) || Brackets.Contains(letter) || Letters.IsWidePunctuation(letter);

    private static ReadOnlySpan<char> Placeholder(ReadOnlySpan<char> text)
    {
        foreach (var placeholder in Placeholders)
            if (text.StartsWith(placeholder)) return text[..placeholder.Length];
        return default;
    }

    /// <summary>Takes the reply code and the enhanced code out: the first ones count, and a later line's are the same again.</summary>
    private ReadOnlySpan<char> TakeCodes(ReadOnlySpan<char> chunk, int start, int end)
    {
        if (chunk.Length >= 3 && Chunks.IsReplyCode(chunk[..3]) && (chunk.Length == 3 || chunk[3] is '-' or ':'))
        {
            var number = (chunk[0] - '0') * 100 + (chunk[1] - '0') * 10 + (chunk[2] - '0');
            if (number == _code || (_code == 0 && IsCode(start, end, chunk.Length > 3)))
            {
                if (_code == 0) Begin(number);
                chunk = chunk.Length == 3 ? default : chunk[4..];
            }
        }
        if (!Chunks.TryEnhanced(chunk, out var found)) return chunk;
        if (_enhanced.IsNone) _enhanced = found;
        return default;
    }

    private void Begin(int code)
    {
        _code = code;
        if (_words.IsEmpty) return;
        (_introduction, _introduced, _enhanced) = (_words.ToString(), _enhanced, default);
        _words.Clear();
    }

    /// <summary>What stands before and after a number decides whether it is a reply code.</summary>
    private readonly bool IsCode(int start, int end, bool isContinued)
    {
        var before = _text[Math.Max(0, start - 20)..start].TrimEnd();
        if (before.IsEmpty || isContinued) return true;
        if (":;<([\"'".Contains(before[^1]) || Letters.IsWidePunctuation(before[^1])) return true;
        var after = _text[end..Math.Min(_text.Length, end + 20)].TrimStart();
        var space = after.IndexOf(' ');
        if (Chunks.TryEnhanced(space < 0 ? after : after[..space], out _)) return true;
        foreach (var word in BeforeCodes)
            if (before.EndsWith(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private void Write(ReadOnlySpan<char> chunk)
    {
        switch (Chunks.KindOf(chunk))
        {
            case ChunkKind.Url: _words.AddUrl(chunk); break;
            case ChunkKind.Address: _words.Add("{addr}"); break;
            case ChunkKind.Ip: _words.Add("{ip}"); break;
            case ChunkKind.Time: _words.Add("{duration}"); break;
            case ChunkKind.Host:
                _words.Add("{host}");
                _words.AddLabels(chunk);
                break;
            default: _words.AddWords(chunk); break;
        }
    }
}
