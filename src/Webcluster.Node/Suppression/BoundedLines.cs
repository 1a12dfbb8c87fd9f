using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Unicode;

namespace Webcluster.Node.Suppression;

/// <summary>The lines of a text of any length, whose lines have a bound. CR LF or LF ends one; empty ones are passed over.</summary>
internal sealed class BoundedLines(PipeReader reader, int mostOctets) : IDisposable
{
    private ReadOnlySequence<byte> _buffer;
    private bool _hasRead;
    private bool _isEnd;
    private bool _isOverlong;
    private int _number;

    /// <returns>Null at the end of the text.</returns>
    public async ValueTask<TextLine?> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            while (TryTake(out var octets))
                if (Read(octets) is { } line)
                    return line;
            if (_isEnd) return null;
            if (_buffer.Length > mostOctets)
            {
                _isOverlong = true;
                _buffer = _buffer.Slice(_buffer.End);
            }

            if (_hasRead) reader.AdvanceTo(_buffer.Start, _buffer.End);
            _hasRead = false;
            var read = await reader.ReadAsync(cancellation);
            // The text may come on a thread that carries connections; lines are work for another.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            (_buffer, _isEnd, _hasRead) = (read.Buffer, read.IsCompleted, true);
        }
    }

    /// <summary>Gives back what was not taken: whoever the text comes from may be read on.</summary>
    public void Dispose()
    {
        if (_hasRead) reader.AdvanceTo(_buffer.Start);
        _hasRead = false;
    }

    private bool TryTake(out ReadOnlySequence<byte> octets)
    {
        octets = default;
        if (_buffer.IsEmpty && !(_isEnd && _isOverlong)) return false;
        if (_buffer.PositionOf((byte)'\n') is { } end)
        {
            octets = _buffer.Slice(0, end);
            _buffer = _buffer.Slice(_buffer.GetPosition(1, end));
            return true;
        }

        if (!_isEnd) return false;
        octets = _buffer;
        _buffer = _buffer.Slice(_buffer.End);
        return true;
    }

    private TextLine? Read(ReadOnlySequence<byte> octets)
    {
        _number++;
        var isOverlong = _isOverlong || octets.Length > mostOctets;
        _isOverlong = false;
        if (isOverlong) return new TextLine(_number, null, $"the line has more than {mostOctets} octets");
        var line = octets.IsSingleSegment ? octets.FirstSpan : octets.ToArray();
        if (line is [.., (byte)'\r']) line = line[..^1];
        if (_number == 1 && line.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) line = line[3..];
        if (line.IsEmpty) return null;
        return Utf8.IsValid(line)
            ? new TextLine(_number, Encoding.UTF8.GetString(line), null)
            : new TextLine(_number, null, "the line is not UTF-8");
    }
}

/// <param name="Number">From 1.</param>
/// <param name="Text">Null where there is a problem.</param>
internal readonly record struct TextLine(int Number, string? Text, string? Problem);
