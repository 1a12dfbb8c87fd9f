using System.Buffers;
using System.Text;

namespace Webcluster.Queue.Messages;

/// <summary>
/// Builds a stored record: octets, variable-length counts (LEB128) and length-prefixed UTF-8. Ends with <see cref="Finish"/>.
/// </summary>
internal ref struct FieldWriter
{
    private byte[] buffer;
    private int used;

    public FieldWriter(int capacity) => buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public void Octet(byte value)
    {
        Reserve(1);
        buffer[used++] = value;
    }

    public void Count(int value)
    {
        var rest = (uint)value;
        for (; rest > 0x7F; rest >>= 7)
            Octet((byte)(rest | 0x80));
        Octet((byte)rest);
    }

    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Count(length);
        Reserve(length);
        used += Encoding.UTF8.GetBytes(value, buffer.AsSpan(used));
    }

    public byte[] Finish()
    {
        var record = buffer.AsSpan(0, used).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return record;
    }

    private void Reserve(int octets)
    {
        if (buffer.Length - used >= octets)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, used + octets));
        buffer.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
