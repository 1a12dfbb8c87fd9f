namespace Webcluster.Protocol.Dkim;

/// <summary>
/// The end of a canonical body: empty lines are withheld until an octet follows them, so those at the end never pass (RFC 6376 §3.4.3,
/// §3.4.4). Only CRLF ends a line; a bare CR or LF is an octet like others.
/// </summary>
internal sealed class TrailingLines(ICanonicalSink sink)
{
    private long _withheld;
    private bool _carriageReturn;
    private bool _any;

    internal void Append(ReadOnlySpan<byte> piece)
    {
        if (piece.IsEmpty)
            return;
        if (_carriageReturn)
        {
            _carriageReturn = false;
            if (piece[0] == '\n')
            {
                _withheld++;
                piece = piece[1..];
            }
            else
            {
                Pass("\r"u8);
            }
        }
        var end = piece.Length;
        var carriageReturn = end > 0 && piece[end - 1] == '\r';
        if (carriageReturn)
            end--;
        var lines = 0;
        for (; end >= 2 && piece[end - 2] == '\r' && piece[end - 1] == '\n'; end -= 2)
            lines++;
        if (end > 0)
            Pass(piece[..end]);
        _withheld += lines;
        _carriageReturn = carriageReturn;
    }

    /// <param name="emptyToo">Does a body without content end in a CRLF too (simple), or is it empty (relaxed)?</param>
    internal void Finish(bool emptyToo)
    {
        if (_carriageReturn)
            Pass("\r"u8);
        if (_any || emptyToo)
            sink.Append("\r\n"u8);
    }

    private void Pass(ReadOnlySpan<byte> octets)
    {
        for (; _withheld > 0; _withheld--)
            sink.Append("\r\n"u8);
        sink.Append(octets);
        _any = true;
    }
}
