using System.Buffers.Binary;

namespace Webcluster.Protocol.Tokens;

/// <summary>Days as tokens hold them: since 2020 in two octets, enough until 2199. A token is good to the end of its last day (UTC).</summary>
internal static class TokenDay
{
    public const int Octets = 2;

    private static readonly int Epoch = new DateOnly(2020, 1, 1).DayNumber;

    public static void Write(Span<byte> target, DateOnly day) =>
        BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)Math.Clamp(day.DayNumber - Epoch, 0, ushort.MaxValue));

    public static DateOnly Read(ReadOnlySpan<byte> source) => DateOnly.FromDayNumber(Epoch + BinaryPrimitives.ReadUInt16BigEndian(source));

    public static DateOnly Of(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}
