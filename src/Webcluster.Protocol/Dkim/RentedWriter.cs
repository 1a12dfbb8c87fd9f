using System.Buffers;

namespace Webcluster.Protocol.Dkim;

/// <summary>Octets in a rented buffer that grows. It is given back uncleared, so nothing secret goes in.</summary>
internal sealed class RentedWriter(int capacity) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>Room for so many octets; <see cref="Advance"/> keeps those that were written.</summary>
    internal Span<byte> GetSpan(int size)
    {
        if (_buffer.Length - Length < size)
            Grow(size);
        return _buffer.AsSpan(Length);
    }

    internal void Advance(int written) => Length += written;

    internal void Write(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(GetSpan(octets.Length));
        Length += octets.Length;
    }

    internal void Truncate(int length) => Length = length;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + size), 2 * _buffer.Length));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
