using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Webcluster.Providers.Server;

/// <summary>
/// A stream as SMTP's lines: what came, cut at CRLF, and what goes back. Written apart from the product's own, which it judges.
/// </summary>
internal sealed class SmtpLines(Stream stream)
{
    private const int MostLine = 16 * 1024;

    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
    private readonly PipeWriter _writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));

    /// <summary>Goes out with <see cref="FlushAsync"/>, or when the next line has to be waited for.</summary>
    public void Write(string octets) => Encoding.Latin1.GetBytes(octets, _writer);

    public async ValueTask FlushAsync(CancellationToken cancellation) => await _writer.FlushAsync(cancellation);

    /// <returns>Null: the client closed, or the line is longer than any should be.</returns>
    public async ValueTask<string?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (!_reader.TryRead(out var read))
            {
                await FlushAsync(cancellation);
                read = await _reader.ReadAsync(cancellation);
            }

            if (Cut(read.Buffer) is var (line, end))
            {
                _reader.AdvanceTo(end);
                return line;
            }

            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted || read.Buffer.Length > MostLine) return null;
        }
    }

    private static (string Line, SequencePosition End)? Cut(ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        return reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8) ? (Encoding.Latin1.GetString(line), reader.Position) : null;
    }
}
