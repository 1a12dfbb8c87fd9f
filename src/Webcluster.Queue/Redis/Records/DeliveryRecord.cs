using System.Buffers.Binary;
using System.Text;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Redis.Records;

/// <summary>
/// The stored form of a delivery. The scripts write it (Scripts/Shared/records.lua says how); this reads it. Version 1: version, flags,
/// attempts (4), number (6), due (8, microseconds), holder (16, zeros: it waits), lengths of lane and flow (2 each), lane, flow, [length
/// (2) and text of the bounce], recipients. Frozen.
/// </summary>
/// <param name="Holder">The session that has claimed it.</param>
/// <param name="Bounce">A rule's word that it is to fail; null: it is not.</param>
internal sealed record DeliveryRecord(
    LaneKey Lane, FlowKey Flow, int Attempts, bool MayHaveBeenSent, DateTimeOffset Due, SessionId? Holder,
    IReadOnlyList<QueuedRecipient> Recipients, string? Bounce = null)
{
    private const byte Version = 1;
    private const int HeaderOctets = 40;
    [Flags]
    private enum Marks : byte { None = 0, MayHaveBeenSent = 1, Aside = 2, Bounced = 4 }


    /// <returns>Null where it is not a whole record of a known version.</returns>
    public static DeliveryRecord? Decode(ReadOnlySpan<byte> record)
    {
        if (record.Length < HeaderOctets || record[0] != Version)
            return null;
        var lane = BinaryPrimitives.ReadUInt16BigEndian(record[36..]);
        var flow = BinaryPrimitives.ReadUInt16BigEndian(record[38..]);
        var marks = (Marks)record[1];
        var rest = record[HeaderOctets..];
        if (rest.Length < lane + flow
            || LaneCode.Decode(rest[..lane]) is not { } laneKey
            || FlowCode.Decode(rest.Slice(lane, flow)) is not { } flowKey
            || !TryBounce(marks, rest[(lane + flow)..], out var bounce, out var list)
            || !RecipientsCodec.TryDecode(list, out var recipients)
            || !StoreTime.TryRead(record[12..], out var due))
            return null;
        var holder = new Guid(record.Slice(20, 16), bigEndian: true);
        var attempts = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(record[2..]), int.MaxValue);
        return new DeliveryRecord(
            laneKey, flowKey, attempts, marks.HasFlag(Marks.MayHaveBeenSent), due,
            holder == Guid.Empty || marks.HasFlag(Marks.Aside) ? null : new SessionId(holder), recipients, bounce);
    }

    private static bool TryBounce(Marks marks, ReadOnlySpan<byte> record, out string? bounce, out ReadOnlySpan<byte> rest)
    {
        bounce = null;
        rest = record;
        if (!marks.HasFlag(Marks.Bounced))
            return true;
        if (!BinaryPrimitives.TryReadUInt16BigEndian(record, out var length) || record.Length < sizeof(ushort) + length)
            return false;
        bounce = Encoding.UTF8.GetString(record.Slice(sizeof(ushort), length));
        rest = record[(sizeof(ushort) + length)..];
        return true;
    }
}
