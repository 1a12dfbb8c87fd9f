using System.Buffers;
using Webcluster.Protocol.Dkim;

namespace Webcluster.Submission.Content;

/// <summary>
/// Takes the content of one message in rented segments, so that nothing large is allocated before the size is known. Beyond the limit, or
/// when the budget is used up, it forgets all it holds and takes the rest without keeping it.
/// </summary>
/// <param name="body">Sees what is kept, and is disposed of with it; null: nobody does.</param>
internal sealed class ContentBuffer(ContentBudget budget, long limit, ArrivingBody? body = null) : IBufferWriter<byte>, IDisposable
{
    private const int SmallestSegment = 16 * 1024;
    private const int LargestSegment = 1024 * 1024;

    private readonly List<(byte[] Array, int Used)> _full = [];
    private ArrivingBody? _body = body;
    private byte[] _segment = [];
    private byte[] _scratch = [];
    private int _used;
    private long _length;
    private long _reserved;

    public ContentTrouble Trouble { get; private set; }

    /// <summary>Rents the first segment.</summary>
    /// <param name="expected">What the client announced; it decides only how large the first segment is.</param>
    public void Begin(long expected) => Rent(expected);

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var wanted = Math.Max(sizeHint, 1);
        if (_segment.Length - _used < wanted && Trouble == ContentTrouble.None && _length < limit) RentAnother(wanted);
        if (_segment.Length - _used >= wanted) return _segment.AsMemory(_used);
        // What is written here is not kept: one array serves again and again.
        if (_scratch.Length < wanted) _scratch = new byte[Math.Max(wanted, 4096)];
        return _scratch;
    }

    public void Advance(int count)
    {
        if (Trouble != ContentTrouble.None) return;
        _length += count;
        if (_length > limit)
        {
            Forget(ContentTrouble.TooLarge);
            return;
        }

        _body?.Append(_segment.AsSpan(_used, count));
        _used += count;
    }

    /// <summary>The content in one array that is the caller's; the budget stays reserved until this buffer is disposed.</summary>
    public byte[] Take()
    {
        var content = GC.AllocateUninitializedArray<byte>((int)_length);
        var at = 0;
        foreach (var (array, used) in _full)
        {
            array.AsSpan(0, used).CopyTo(content.AsSpan(at));
            at += used;
        }

        _segment.AsSpan(0, _used).CopyTo(content.AsSpan(at));
        ReturnSegments();
        return content;
    }

    /// <summary>The hash of the body of all that was written; null where nobody asked for one.</summary>
    public BodyHash? HashBody() => _body?.Finish();

    public void Dispose()
    {
        _body?.Dispose();
        _body = null;
        ReturnSegments();
        budget.Release(_reserved);
        _reserved = 0;
    }

    private void RentAnother(int wanted)
    {
        var before = _segment.Length;
        if (before > 0) _full.Add((_segment, _used));
        (_segment, _used) = ([], 0);
        Rent(2L * before, wanted);
    }

    // Never more than may still come: whoever has the whole budget for one message gets it in.
    private void Rent(long proposed, int least = 1)
    {
        var size = (int)Math.Max(least, Math.Min(Math.Clamp(proposed, SmallestSegment, LargestSegment), limit - _length));
        if (!budget.TryReserve(size))
        {
            Forget(ContentTrouble.NoMemory);
            return;
        }

        _reserved += size;
        _segment = ArrayPool<byte>.Shared.Rent(size);
    }

    private void Forget(ContentTrouble trouble)
    {
        Trouble = trouble;
        Dispose();
    }

    private void ReturnSegments()
    {
        foreach (var (array, _) in _full) ArrayPool<byte>.Shared.Return(array);
        _full.Clear();
        if (_segment.Length > 0) ArrayPool<byte>.Shared.Return(_segment);
        _segment = [];
        _used = 0;
    }
}
