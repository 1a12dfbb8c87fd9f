using System.Text;

namespace Webcluster.Queue.Messages;

/// <summary>
/// Reads what <see cref="FieldWriter"/> wrote. Never throws and never reads past the end: any misfit makes <see cref="Failed"/> true for
/// good.
/// </summary>
internal ref struct FieldReader(ReadOnlySpan<byte> record)
{
    private ReadOnlySpan<byte> rest = record;

    public bool Failed { get; private set; }

    /// <summary>All was read and all of it fitted.</summary>
    public readonly bool Ended => !Failed && rest.IsEmpty;

    public readonly int Left => rest.Length;

    public byte Octet()
    {
        if (rest.IsEmpty)
            return Fail();
        var value = rest[0];
        rest = rest[1..];
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

    public string Text()
    {
        var length = Count();
        if (length > rest.Length)
            Fail();
        if (Failed)
            return "";
        var text = Encoding.UTF8.GetString(rest[..length]);
        rest = rest[length..];
        return text;
    }

    private byte Fail()
    {
        Failed = true;
        rest = default;
        return 0;
    }
}
