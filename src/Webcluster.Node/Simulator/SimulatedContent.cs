using System.Buffers;
using Webcluster.Protocol.Smtp;
using Webcluster.Submission.Sessions;

namespace Webcluster.Node.Simulator;

/// <summary>
/// Reads the content of one transaction, as strictly as a careful mail server: what is wrong with it is an answer, not a guess.
/// </summary>
internal sealed class SimulatedContent
{
    public const int MostOctets = 50 * 1024 * 1024;

    private readonly DataDecoder _decoder = new();
    private ArrayBufferWriter<byte> _octets = new(4096);
    private bool _tooLarge;

    public ReadOnlyMemory<byte> Octets => _octets.WrittenMemory;

    /// <summary>The reply that refuses it; null where it is sound.</summary>
    public string? Problem =>
        _tooLarge ? "552 5.3.4 message too large"
        : _decoder.Defects != ContentDefects.None ? $"550 5.6.0 content has {_decoder.Defects}"
        : null;

    /// <summary>Reads up to and with the final dot; what is too much is read all the same, and thrown away.</summary>
    public async ValueTask<ReadStatus> ReadAsync(SmtpConnection connection, TimeSpan idle)
    {
        for (; ; )
        {
            if (Take(connection)) return ReadStatus.Ready;
            var status = await connection.FillAsync(idle);
            // A stopping node finishes what is past DATA.
            if (status is not (ReadStatus.Ready or ReadStatus.Interrupted)) return status;
        }
    }

    private bool Take(SmtpConnection connection)
    {
        foreach (var segment in connection.Buffered)
        {
            var ended = _decoder.Decode(segment.Span, _octets, out var consumed);
            connection.Consume(consumed);
            if (_octets.WrittenCount > MostOctets)
            {
                _tooLarge = true;
                _octets = new ArrayBufferWriter<byte>(4096);
            }
            if (ended) return true;
        }
        return false;
    }
}
