using System.Buffers;

namespace Webcluster.Submission.Content;

/// <summary>
/// Takes the content of one message in rented segments, so that nothing large is allocated before the size is known. Beyond the limit, or
/// when the budget is used up, it forgets all it holds and takes the rest without keeping it.
/// </summary>
internal sealed class ContentBuffer(ContentBudget budget, long limit) : IBufferWriter<byte>, IDisposable
{
    private const int SmallestSegment = 16 * 1024;
    private const int LargestSegment = 1024 * 1024;

    private readonly List<(byte[] Array, int Used)> _full = [];
    private byte[] _segment = [];
    private int _used;
    private long _length;
    private long _reserved;

    public ContentTrouble Trouble { get; private set; }

    /// <summary>Rents the first segment.</summary>
    /// <param name="expected">What the client announced; it decides only how large the first segment is.</param>
    public void Begin(long expected) => Rent((int)Math.Clamp(expected, SmallestSegment, LargestSegment));

    public Span<byte> GetSpan(int sizeHint = 0) => Free(sizeHint).AsSpan(_used);

    public Memory<byte> GetMemory(int sizeHint = 0) => Free(sizeHint).AsMemory(_used);

    public void Advance(int count)
    {
        if (Trouble != ContentTrouble.None) return;
        _used += count;
        _length += count;
        if (_length > limit) Forget(ContentTrouble.TooLarge);
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

    public void Dispose()
    {
        ReturnSegments();
        budget.Release(_reserved);
        _reserved = 0;
    }

    private byte[] Free(int sizeHint)
    {
        var wanted = Math.Max(sizeHint, 1);
        if (_segment.Length - _used >= wanted) return _segment;
        if (Trouble == ContentTrouble.None)
        {
            if (_segment.Length > 0) _full.Add((_segment, _used));
            var size = Math.Clamp(_segment.Length * 2, SmallestSegment, LargestSegment);
            _segment = [];
            _used = 0;
            Rent(Math.Max(size, wanted));
        }

        // What is written here now is not kept: one scratch array serves again and again.
        if (_segment.Length < wanted) _segment = new byte[Math.Max(wanted, 4096)];
        return _segment;
    }

    private void Rent(int size)
    {
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
        if (_segment.Length > 0 && _reserved > 0) ArrayPool<byte>.Shared.Return(_segment);
        _segment = [];
        _used = 0;
    }
}
