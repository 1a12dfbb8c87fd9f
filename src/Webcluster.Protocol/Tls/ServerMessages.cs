using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Tls;

/// <summary>The messages of a server's handshake, put together from the records that they came in.</summary>
/// <param name="buffer">Has room for all that is added.</param>
internal ref struct ServerMessages(Span<byte> buffer)
{
    private const int Head = 4;
    private const byte Hello = 2, NewSessionTicket = 4, Certificate = 11;

    private readonly Span<byte> _buffer = buffer;
    private int _length;
    private int _read;
    private ServerHello _last;

    /// <summary>Nothing came after a hello of TLS 1.2.</summary>
    public readonly bool EndsWithHello12 => _last == ServerHello.Tls12 && _read == _length;

    /// <summary>Nothing came after a hello that asks for another.</summary>
    public readonly bool EndsWithRetry => _last == ServerHello.Retry && _read == _length;

    public void Add(ReadOnlySpan<byte> part)
    {
        part.CopyTo(_buffer[_length..]);
        _length += part.Length;
    }

    /// <summary>Reads what came whole since the last time.</summary>
    public ParseStatus Tell(out bool isResumed)
    {
        isResumed = false;
        ReadOnlySpan<byte> rest;
        while ((rest = _buffer[_read.._length]).Length >= Head)
        {
            var type = rest[0];
            if (_last == ServerHello.Tls12)
            {
                // rfc5246#7.3, rfc5077#3.4: the server shows its certificate, or goes on with what both know.
                isResumed = type == NewSessionTicket;
                return type is NewSessionTicket or Certificate ? ParseStatus.Complete : ParseStatus.Rejected;
            }

            var length = rest[1] << 16 | rest[2] << 8 | rest[3];
            if (type != Hello || length > ServerHandshake.Most) return ParseStatus.Rejected;
            if (rest.Length < Head + length) return ParseStatus.Incomplete;
            _last = ServerHelloReader.Read(rest.Slice(Head, length));
            _read += Head + length;
            if (_last == ServerHello.Invalid) return ParseStatus.Rejected;
            isResumed = _last == ServerHello.Tls13Resumed;
            if (_last is ServerHello.Tls13 or ServerHello.Tls13Resumed) return ParseStatus.Complete;
        }

        return ParseStatus.Incomplete;
    }
}
