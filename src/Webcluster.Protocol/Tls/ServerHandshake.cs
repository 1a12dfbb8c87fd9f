using System.Buffers.Binary;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Tls;

/// <summary>
/// Tells from what a server sends in a handshake, as far as it is not encrypted, whether an earlier session is resumed. In TLS 1.3 its
/// hello then takes the key that was agreed before; in TLS 1.2 it then shows no certificate. Three-valued; a hint for counting, no proof of
/// anything.
/// </summary>
public static class ServerHandshake
{
    /// <summary>Octets within which it must show. A server that sends a longer hello is not told.</summary>
    public const int Most = 4096;

    private const int RecordHead = 5;
    private const byte ChangeCipherSpec = 20, Handshake = 22;

    /// <param name="sent">All that the server has sent since the handshake began.</param>
    /// <param name="isResumed">Means something only if Complete.</param>
    public static ParseStatus TryRead(ReadOnlySpan<byte> sent, out bool isResumed)
    {
        isResumed = false;
        Span<byte> buffer = stackalloc byte[Most];
        var messages = new ServerMessages(buffer);
        for (var rest = sent[..Math.Min(sent.Length, Most)]; rest.Length >= RecordHead;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[3..]);
            var part = rest[RecordHead..Math.Min(rest.Length, RecordHead + length)];
            switch (rest[0])
            {
                case Handshake:
                    messages.Add(part);
                    break;
                // rfc5077#3.4: in TLS 1.2, what follows the hello of a resumed session is the change to its keys.
                case ChangeCipherSpec when messages.EndsWithHello12:
                    isResumed = true;
                    return ParseStatus.Complete;
                // rfc8446#5: in TLS 1.3 it means nothing.
                case ChangeCipherSpec when messages.EndsWithRetry:
                    break;
                default:
                    return ParseStatus.Rejected;
            }

            if (messages.Tell(out isResumed) is not ParseStatus.Incomplete and var told) return told;
            rest = rest[(RecordHead + part.Length)..];
        }

        return sent.Length < Most ? ParseStatus.Incomplete : ParseStatus.Rejected;
    }
}
