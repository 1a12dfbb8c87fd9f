using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Redis.Rules;

/// <summary>Rules as the store has them: the id as big-endian octets, and what <see cref="RuleCodec"/> makes of the rest.</summary>
internal static class RuleCode
{
    private const int IdOctets = 16;

    public static byte[] Encode(RuleId id) => id.Value.ToByteArray(bigEndian: true);

    public static QueueRule Decode(ReadOnlySpan<byte> id, ReadOnlySpan<byte> record) =>
        id.Length == IdOctets && RuleCodec.TryDecode(new RuleId(new Guid(id, bigEndian: true)), record, out var rule)
            ? rule
            : throw Reply.Bad("a rule that cannot be read");

    /// <summary>The id and the record in one; null where it is empty.</summary>
    public static QueueRule? DecodeShown(ReadOnlySpan<byte> shown) =>
        shown.Length > IdOctets ? Decode(shown[..IdOctets], shown[IdOctets..]) : null;
}
