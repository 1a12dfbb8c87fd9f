using System.Buffers;

namespace Webcluster.Protocol.Smtp;

/// <summary>
/// Finds what is wrong with the bytes of a message, handed over in chunks that may be cut anywhere. Used as it is for BDAT (RFC 3030),
/// which has no dots to take out, and by <see cref="DataDecoder"/> behind the dots. One per transaction, <see cref="Reset"/> between.
/// </summary>
public sealed class ChunkInspector
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\r\n\0"u8);

    private int _lineLength;
    private bool _afterCr;

    public ContentDefects Defects { get; private set; }

    public void Inspect(ReadOnlySpan<byte> chunk)
    {
        if (chunk.IsEmpty) return;
        if (_afterCr)
        {
            _afterCr = false;
            chunk = EndLineOrReport(chunk);
        }

        while (true)
        {
            var run = chunk.IndexOfAny(Special);
            Grow(run < 0 ? chunk.Length : run);
            if (run < 0) return;
            var special = chunk[run];
            chunk = chunk[(run + 1)..];
            if (special == '\r')
            {
                _afterCr = chunk.IsEmpty;
                if (_afterCr) return;
                chunk = EndLineOrReport(chunk);
            }
            else
            {
                Defects |= special == '\n' ? ContentDefects.BareLf : ContentDefects.Nul;
                Grow(1);
            }
        }
    }

    /// <summary>The message is over: a CR that nothing followed is a defect.</summary>
    public void Finish()
    {
        if (_afterCr) Defects |= ContentDefects.BareCr;
        _afterCr = false;
    }

    public void Reset()
    {
        Defects = ContentDefects.None;
        _lineLength = 0;
        _afterCr = false;
    }

    // Behind a CR. Only CRLF ends a line. // rfc5321#2.3.8
    private ReadOnlySpan<byte> EndLineOrReport(ReadOnlySpan<byte> next)
    {
        if (next[0] == '\n')
        {
            _lineLength = 0;
            return next[1..];
        }

        Defects |= ContentDefects.BareCr;
        Grow(1);
        return next;
    }

    private void Grow(int octets)
    {
        if (octets <= DataDecoder.MaxTextLine - _lineLength)
        {
            _lineLength += octets;
            return;
        }

        _lineLength = DataDecoder.MaxTextLine;
        if (octets > 0) Defects |= ContentDefects.LineTooLong;
    }
}
