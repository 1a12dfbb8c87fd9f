using System.Buffers.Binary;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Redis.Records;

/// <summary>Ids as the store has them: big-endian octets.</summary>
internal static class DeliveryCode
{
    public const int MostOrdinals = ushort.MaxValue + 1;
    private const int MessageOctets = 16;
    private const int SessionOctets = 16;
    private const int Octets = MessageOctets + sizeof(ushort);

    public static byte[] Encode(MessageId message) => message.Value.ToByteArray(bigEndian: true);

    public static byte[] Encode(SessionId session) => session.Value.ToByteArray(bigEndian: true);

    public static byte[] Encode(DeliveryId delivery)
    {
        var code = new byte[Octets];
        delivery.Message.Value.TryWriteBytes(code, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16BigEndian(code.AsSpan(MessageOctets), (ushort)delivery.Ordinal);
        return code;
    }

    /// <returns>Null where it is no session.</returns>
    public static SessionId? DecodeSession(ReadOnlySpan<byte> code) =>
        code.Length == SessionOctets ? new SessionId(new Guid(code, bigEndian: true)) : null;

    /// <returns>Null where it is no delivery.</returns>
    public static DeliveryId? Decode(ReadOnlySpan<byte> code) => code.Length == Octets
        ? new DeliveryId(
            new MessageId(new Guid(code[..MessageOctets], bigEndian: true)), BinaryPrimitives.ReadUInt16BigEndian(code[MessageOctets..]))
        : null;
}
