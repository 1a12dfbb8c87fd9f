using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Protocol.Headers;

/// <summary>
/// Reads the mailboxes of an address list (RFC 5322 §3.4 with its obsolete forms) one after the other: one pass, no recursion, comments
/// nested to any depth. The words of one element are put together without white space and comments; "&lt;" begins anew, ":" behind a name
/// opens a group.
/// </summary>
/// <remarks>An element that reads two ways gives no mailbox: two words without a dot between them are a name, not an address.</remarks>
internal ref struct AddressListParser(ReadOnlySpan<byte> text, Span<byte> buffer)
{
    /// <summary>An address, with an obsolete route before it.</summary>
    public const int BufferLength = 2 * AddressSpec.MaxOctets;

    private static readonly SearchValues<byte> Delimiters = SearchValues.Create("()<>[]:;@\\,.\" \t\r\n\0"u8);
    private static readonly SearchValues<byte> CommentDelimiters = SearchValues.Create("()\\"u8);
    private static readonly SearchValues<byte> QuotedDelimiters = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> LiteralDelimiters = SearchValues.Create("]\\"u8);

    private readonly Span<byte> _buffer = buffer;
    private ReadOnlySpan<byte> _rest = text;
    private int _length;
    private Place _place;
    private bool _afterWord;
    private bool _isPhrase;
    private bool _isUnreadable;

    // Of an element: before its "<", between the brackets, behind its ">".
    private enum Place : byte { Open, Angle, Closed }

    /// <summary>Some element so far held no readable mailbox.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>The next mailbox; what cannot be read is passed over.</summary>
    public bool TryRead([NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        while (!_rest.IsEmpty)
        {
            if (TakeToken() && TryFinish(out mailbox)) return true;
        }

        // The last element has nothing behind it; afterwards there is no element left to finish.
        return TryFinish(out mailbox);
    }

    /// <summary>Takes one token from the text.</summary>
    /// <returns>True where it ended an element.</returns>
    private bool TakeToken()
    {
        var token = _rest[0];
        switch (token)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                _rest = _rest.TrimStart(" \t\r\n"u8);
                return false;
            case (byte)'(':
                SkipComment();
                return false;
            case (byte)'"':
                TakeWord(LengthToClose(QuotedDelimiters, (byte)'"'));
                return false;
            case (byte)'[':
                TakeWord(LengthToClose(LiteralDelimiters, (byte)']'));
                return false;
            case (byte)'.' or (byte)'@':
                Append(_rest[..1]);
                _afterWord = false;
                break;
            case (byte)'<':
                Open();
                break;
            case (byte)'>':
                Close();
                break;
            case (byte)':' or (byte)',' or (byte)';':
                return Separate(token);
            case (byte)')' or (byte)']' or (byte)'\\' or 0:
                _isUnreadable = true;
                break;
            default:
                var length = _rest.IndexOfAny(Delimiters);
                TakeWord(length < 0 ? _rest.Length : length);
                return false;
        }

        _rest = _rest[1..];
        return false;
    }

    private void TakeWord(int length)
    {
        if (_place == Place.Closed) _isUnreadable = true;
        if (_afterWord) _isPhrase = true;
        _afterWord = true;
        Append(_rest[..length]);
        _rest = _rest[length..];
    }

    private void Append(ReadOnlySpan<byte> word)
    {
        // What does not fit is no address. It may be a long name; then "<" begins anew.
        _isPhrase |= !word.TryCopyTo(_buffer[_length..]);
        if (!_isPhrase) _length += word.Length;
    }

    private void Open()
    {
        if (_place != Place.Open) _isUnreadable = true;
        _place = Place.Angle;
        StartWords();
    }

    private void Close()
    {
        if (_place != Place.Angle) _isUnreadable = true;
        _place = Place.Closed;
    }

    private bool Separate(byte separator)
    {
        // rfc5322#4.4: "<@a,@b:user@c>"
        var inRoute = _place == Place.Angle && separator != ';' && _length > 0 && _buffer[0] == '@';
        if (inRoute && separator == ',') Append(","u8);
        else if (inRoute) StartWords();
        else if (separator == ':')
        {
            // rfc5322#3.4: behind the name of a group.
            if (_place != Place.Open) _isUnreadable = true;
            StartWords();
        }

        _afterWord = false;
        _rest = _rest[1..];
        return !inRoute && separator != ':';
    }

    private void StartWords()
    {
        _length = 0;
        _afterWord = false;
        _isPhrase = false;
    }

    private bool TryFinish([NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        // rfc5322#4.4: elements may be empty.
        var isEmpty = _length == 0 && !_isPhrase && !_isUnreadable && _place == Place.Open;
        var isReadable = !_isPhrase && !_isUnreadable && _place != Place.Angle;
        var found = isReadable && Mailbox.TryParse(_buffer[.._length], out mailbox);
        IsMalformed |= !found && !isEmpty;
        StartWords();
        _place = Place.Open;
        _isUnreadable = false;
        return found;
    }

    // rfc5322#3.2.2: comments nest; the depth is a number, not a stack.
    private void SkipComment()
    {
        var depth = 0;
        while (true)
        {
            var at = _rest.IndexOfAny(CommentDelimiters);
            if (at < 0)
            {
                _rest = [];
                _isUnreadable = true;
                return;
            }

            depth += _rest[at] switch { (byte)'(' => 1, (byte)')' => -1, _ => 0 };
            _rest = _rest[Math.Min(_rest.Length, at + (_rest[at] == '\\' ? 2 : 1))..];
            if (depth == 0) return;
        }
    }

    // Of a quoted string or a literal at the start of the rest; to the end of the text where nothing closes it.
    private int LengthToClose(SearchValues<byte> delimiters, byte close)
    {
        for (var at = 1; at < _rest.Length;)
        {
            var found = _rest[at..].IndexOfAny(delimiters);
            if (found < 0) break;
            at += found;
            if (_rest[at] == close) return at + 1;
            at += 2;
        }

        _isUnreadable = true;
        return _rest.Length;
    }
}
