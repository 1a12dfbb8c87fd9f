using System.Globalization;
using Webcluster.Protocol.Classification.Text;

namespace Webcluster.Protocol.Classification.Learning;

/// <summary>What the learned classifier sees of a reply: words, pairs of words, and its codes, as spans, so that nothing is
/// allocated.</summary>
internal ref struct Features
{
    private const int MostWords = 200;

    private readonly ReadOnlySpan<char> _words;
    private readonly ReplyText _reply;
    private readonly Span<char> _buffer;

    // Where the word before stands; it joins the next into a pair.
    private int _before = -1;
    private int _at = 1;
    private int _end;
    private int _count;
    private int _codes;
    private bool _isPairNext;

    /// <param name="buffer">At least 16 characters.</param>
    public Features(in ReplyText reply, Span<char> buffer)
    {
        _reply = reply;
        _words = reply.Words;
        _buffer = buffer;
    }

    public ReadOnlySpan<char> Current { get; private set; }

    public bool MoveNext() => NextPair() || NextWord() || NextCode();

    private bool NextPair()
    {
        if (!_isPairNext) return false;
        _isPairNext = false;
        if (_before < 0) return Advance(false);
        Current = _words[_before.._end];
        return Advance(true);
    }

    /// <summary>Goes to the next word; that one is the one before now.</summary>
    private bool Advance(bool result)
    {
        _before = _at;
        _at = _end + 1;
        return result;
    }

    private bool NextWord()
    {
        while (_at < _words.Length && _count < MostWords)
        {
            _count++;
            _end = _at + _words[_at..].IndexOf(' ');
            var word = _words[_at.._end];
            // Numbers are of the case, not of the kind.
            if (word.ContainsAnyExceptInRange('0', '9'))
            {
                Current = word;
                _isPairNext = true;
                return true;
            }
            _before = -1;
            _at = _end + 1;
        }
        return false;
    }

    /// <summary>Signs that no word begins with tell codes from words.</summary>
    private bool NextCode()
    {
        var written = 0;
        while (written == 0)
            switch (_codes++)
            {
                case 0:
                    _buffer.TryWrite(CultureInfo.InvariantCulture, $"={_reply.Code}", out written);
                    break;
                case 1 when !_reply.Enhanced.IsNone:
                    _buffer.TryWrite(CultureInfo.InvariantCulture, $"#x.{_reply.Enhanced.Subject}.{_reply.Enhanced.Detail}", out written);
                    break;
                case 2:
                    _buffer.TryWrite(CultureInfo.InvariantCulture, $"#x.{_reply.Enhanced.Subject}", out written);
                    break;
                case 3:
                    _buffer.TryWrite(CultureInfo.InvariantCulture, $"={Permanence}", out written);
                    break;
                case > 3: return false;
            }
        Current = _buffer[..written];
        return true;
    }

    private readonly string Permanence => _reply.Permanent switch
    {
        true => "permanent",
        false => "temporary",
        null => "unsaid",
    };
}
