using System.Buffers.Binary;
using System.Text;

namespace Webcluster.Queue.Messages;

/// <summary>
/// Reads what <see cref="FieldWriter"/> wrote. Never throws and never reads past the end: any misfit makes <see cref="Failed"/> true for
/// good.
/// </summary>
internal ref struct FieldReader(ReadOnlySpan<byte> record)
{
    private ReadOnlySpan<byte> _rest = record;

    public bool Failed { get; private set; }

    /// <summary>All was read and all of it fitted.</summary>
    public readonly bool Ended => !Failed && _rest.IsEmpty;

    public readonly int Left => _rest.Length;

    public byte Octet()
    {
        if (_rest.IsEmpty)
            return Fail();
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    /// <summary>A count of 0 to 2^28-1.</summary>
    public int Count()
    {
        var value = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var octet = Octet();
            value |= (octet & 0x7F) << shift;
            if (octet <= 0x7F)
                return value;
        }
        return Fail();
    }

    public DateTimeOffset Time()
    {
        if (!BinaryPrimitives.TryReadInt64BigEndian(_rest, out var ticks) || ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
        {
            Fail();
            return default;
        }
        _rest = _rest[sizeof(long)..];
        return new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    public string Text()
    {
        var length = Count();
        if (length > _rest.Length)
            Fail();
        if (Failed)
            return "";
        var text = Encoding.UTF8.GetString(_rest[..length]);
        _rest = _rest[length..];
        return text;
    }

    private byte Fail()
    {
        Failed = true;
        _rest = default;
        return 0;
    }
}
