namespace Webcluster.Delivery.Tests.Wire;

/// <summary>A server as the bytes it says: each read gets one segment, then the end. Keeps what is written.</summary>
internal sealed class SegmentStream(IEnumerable<byte[]> segments) : Stream
{
    private readonly Queue<byte[]> _segments = new(segments);

    public MemoryStream Written { get; } = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_segments.TryPeek(out var segment)) return ValueTask.FromResult(0);
        var length = Math.Min(segment.Length, buffer.Length);
        segment.AsMemory(0, length).CopyTo(buffer);
        _segments.Dequeue();
        // What a read had no room for comes with the next one.
        if (length < segment.Length) Requeue(segment[length..]);
        return ValueTask.FromResult(length);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Written.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Requeue(byte[] rest)
    {
        byte[][] others = [.. _segments];
        _segments.Clear();
        _segments.Enqueue(rest);
        foreach (var other in others) _segments.Enqueue(other);
    }
}
