using System.Buffers;
using System.Runtime.CompilerServices;

namespace Webcluster.Protocol.Buffers;

/// <summary>Octets in a rented buffer that grows. It is given back uncleared, so nothing secret goes in.</summary>
public sealed class RentedWriter(int capacity) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    /// <summary>Valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <inheritdoc cref="Written"/>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    /// <summary>Room for so many octets; <see cref="Advance"/> keeps those that were written.</summary>
    public Span<byte> GetSpan(int size)
    {
        if (_buffer.Length - Length < size)
            Grow(size);
        return _buffer.AsSpan(Length);
    }

    public void Advance(int written) => Length += written;

    public void Write(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(GetSpan(octets.Length));
        Length += octets.Length;
    }

    /// <summary>Writes an interpolated string as UTF-8, without making a string of it.</summary>
    /// <param name="text">Has been written when this is called: the compiler hands its parts over one by one.</param>
    public void Write([InterpolatedStringHandlerArgument("")] Utf8Text text) => _ = text;

    public void Truncate(int length) => Length = length;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + size), 2 * _buffer.Length));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
