using Webcluster.Protocol.Smtp;
using Webcluster.Protocol.Tls;

namespace Webcluster.Delivery.Wire;

/// <summary>
/// The stream below TLS. Looks at what the server sends until it shows whether an earlier session is resumed, which the platform does not
/// say; changes nothing, and keeps nothing from then on.
/// </summary>
internal sealed class HandshakeTap(Stream inner) : Stream
{
    private byte[]? _seen = new byte[512];
    private int _length;

    /// <summary>Null: it has not shown.</summary>
    public bool? IsResumed { get; private set; }

    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _seen is null ? inner.ReadAsync(buffer, cancellationToken) : ReadAndLookAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Look(buffer.AsSpan(offset, read));
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadAndLookAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var read = await inner.ReadAsync(buffer, cancellation);
        Look(buffer.Span[..read]);
        return read;
    }

    private void Look(ReadOnlySpan<byte> came)
    {
        if (_seen is null) return;
        var taken = Math.Min(came.Length, ServerHandshake.Most - _length);
        if (_length + taken > _seen.Length) Array.Resize(ref _seen, ServerHandshake.Most);
        came[..taken].CopyTo(_seen.AsSpan(_length));
        _length += taken;
        var status = ServerHandshake.TryRead(_seen.AsSpan(0, _length), out var isResumed);
        if (status == ParseStatus.Incomplete) return;
        if (status == ParseStatus.Complete) IsResumed = isResumed;
        _seen = null;
    }
}
