using System.Runtime.InteropServices;

namespace Webcluster.Protocol.Classification.Text;

/// <summary>Writes words, each with a space after it.</summary>
internal ref struct WordWriter
{
    private static readonly string[] Units =
        ["s", "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "hour", "hours", "hr", "hrs", "day", "days",
        "minuten", "sekunden", "stunden", "secondes", "heures"];

    private static readonly string[] Generic = ["co", "com", "org", "net", "ac", "ne", "or", "go", "gov", "edu", "ad"];

    /// <summary>A longer word is an id.</summary>
    private const int LongestWord = 28;

    /// <summary>So many letters of labels are kept.</summary>
    private const int MostLabels = 400;

    private readonly List<char> _written;

    /// <summary>They come last, so that what stands around a host's name stays together.</summary>
    private readonly List<char> _labels = [];

    private int _numberAt = -1;

    public WordWriter(int capacity) => _written = new List<char>(capacity + 16) { ' ' };

    public override readonly string ToString() => string.Concat(CollectionsMarshal.AsSpan(_written), CollectionsMarshal.AsSpan(_labels));

    public readonly bool IsEmpty => _written.Count == 1;

    /// <summary>Forgets the words; labels stay, since they say whose server it is.</summary>
    public void Clear()
    {
        _written.RemoveRange(1, _written.Count - 1);
        _numberAt = -1;
    }

    public void Add(scoped ReadOnlySpan<char> word)
    {
        _numberAt = -1;
        _written.AddRange(word);
        _written.Add(' ');
    }

    /// <summary>The words of an address on the web: its host's labels and what its path and query say.</summary>
    public void AddUrl(scoped ReadOnlySpan<char> url)
    {
        Add("{url}");
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0) url = url[(scheme + 3)..];
        var end = url.IndexOfAny('/', '?', '#');
        AddLabels(end < 0 ? url : url[..end]);
        if (end >= 0) AddWords(url[end..]);
    }

    /// <summary>Labels of a host's name as <c>@label</c>, without the last; of a long name only the one that its owner
    /// registered.</summary>
    public readonly void AddLabels(scoped ReadOnlySpan<char> host)
    {
        var last = host.LastIndexOf('.');
        if (last <= 0) return;
        host = host[..last];
        if (host.Count('.') <= 1)
        {
            foreach (var range in host.Split('.')) AddLabel(host[range]);
            return;
        }
        var label = host[(host.LastIndexOf('.') + 1)..];
        if (IsGeneric(label))
        {
            host = host[..(host.Length - label.Length - 1)];
            label = host[(host.LastIndexOf('.') + 1)..];
        }
        AddLabel(label);
    }

    /// <summary>Words between punctuation; an apostrophe joins.</summary>
    public void AddWords(scoped ReadOnlySpan<char> chunk)
    {
        for (var at = 0; at < chunk.Length;)
        {
            if (Letters.IsWordByItself(chunk[at])) Add(chunk.Slice(at++, 1));
            else if (!char.IsLetterOrDigit(chunk[at])) at++;
            else at += AddWord(chunk[at..]);
        }
    }

    private int AddWord(scoped ReadOnlySpan<char> text)
    {
        var start = _written.Count;
        var (at, digits) = (0, 0);
        for (; at < text.Length && !Letters.IsWordByItself(text[at]); at++)
        {
            if (text[at] is '\'' or '’' or '`' or '´') continue;
            if (!char.IsLetterOrDigit(text[at])) break;
            if (char.IsAsciiDigit(text[at])) digits++;
            _written.Add(Letters.Fold(text[at]));
        }
        Finish(start, digits);
        return at;
    }

    /// <summary>Ids, long numbers and durations lose what makes them different.</summary>
    private void Finish(int start, int digits)
    {
        var word = CollectionsMarshal.AsSpan(_written)[start..];
        var isNumber = digits == word.Length;
        if (_numberAt >= 0 && IsUnit(word)) Replace(_numberAt, "{duration}");
        else if (word is "mail" && IsAfterLoneE(start)) _written.RemoveRange(start - 1, 1);
        else if (isNumber && digits > 4) Replace(start, "{n}");
        else if (word.Length > LongestWord || (digits > 0 && !isNumber && !IsNamed(word, digits))) Replace(start, "{id}");
        _written.Add(' ');
        _numberAt = isNumber ? start : -1;
    }

    /// <summary>"e-mail" and "e mail" are "email".</summary>
    private readonly bool IsAfterLoneE(int start) => start >= 3 && _written[start - 2] == 'e' && _written[start - 3] == ' ';

    private readonly void Replace(int start, string placeholder)
    {
        _written.RemoveRange(start, _written.Count - start);
        _written.AddRange(placeholder);
    }

    public readonly void AddLabel(scoped ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > LongestWord || _labels.Count > MostLabels) return;
        _labels.Add('@');
        foreach (var letter in label)
            if (letter != '-') _labels.Add(Letters.Fold(letter));
        _labels.Add(' ');
    }

    /// <summary>Letters and then a few digits, such as s3150: a name that a provider gave to a reason. Or one digit and letters, such as
    /// 8bitmime.</summary>
    private static bool IsNamed(ReadOnlySpan<char> word, int digits)
    {
        if (word.Length <= 5 || (digits == 1 && char.IsAsciiDigit(word[0]))) return true;
        var letters = word.Length - digits;
        return letters <= 12 && digits <= 6 && word[letters..].IndexOfAnyExceptInRange('0', '9') < 0;
    }

    private static bool IsUnit(ReadOnlySpan<char> word)
    {
        foreach (var unit in Units)
            if (word.SequenceEqual(unit)) return true;
        return false;
    }

    private static bool IsGeneric(ReadOnlySpan<char> label)
    {
        foreach (var generic in Generic)
            if (label.Equals(generic, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
