using System.Buffers;
using System.Diagnostics;

namespace Webcluster.Protocol.Smtp;

/// <summary>
/// Writes content for DATA: doubles leading dots and ends it (RFC 5321 §4.5.2). The content has been checked to have CRLF only.
/// </summary>
public struct DotStuffer
{
    private Place _place;

    // LineStart is the default: the content begins at the start of a line.
    private enum Place : byte { LineStart, Text, Cr }

    /// <summary>Writes a part of the content; parts may be cut anywhere.</summary>
    public void Write(ReadOnlySpan<byte> part, IBufferWriter<byte> output)
    {
        if (part.IsEmpty) return;
        if (_place == Place.Cr && part[0] == '\n')
        {
            output.Write(part[..1]);
            part = part[1..];
            _place = Place.LineStart;
            if (part.IsEmpty) return;
        }

        // rfc5321#4.5.2
        if (_place == Place.LineStart && part[0] == '.') output.Write("."u8);
        _place = part.EndsWith("\r\n"u8) ? Place.LineStart : part[^1] == '\r' ? Place.Cr : Place.Text;
        for (int found; (found = part.IndexOf("\r\n."u8)) >= 0; part = part[(found + 2)..])
        {
            output.Write(part[..(found + 2)]);
            output.Write("."u8);
        }

        output.Write(part);
    }

    /// <summary>What ends the content: ".\r\n", with CRLF before it where the content did not end in one.</summary>
    public readonly ReadOnlySpan<byte> End => _place switch
    {
        Place.LineStart => ".\r\n"u8,
        Place.Cr => "\n.\r\n"u8,
        Place.Text => "\r\n.\r\n"u8,
        _ => throw new UnreachableException(),
    };
}
