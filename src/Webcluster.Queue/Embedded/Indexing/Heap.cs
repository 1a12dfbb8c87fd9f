namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>Something with a place in at most one <see cref="Heap{T}"/>.</summary>
internal abstract class HeapItem
{
    /// <summary>The smaller goes first. Changed only by the heap while in one.</summary>
    public long Key { get; internal set; }

    /// <summary>Orders equal keys. Not to be changed while in a heap.</summary>
    public long Tie { get; protected init; }

    public bool IsPlaced => Position >= 0;

    internal int Position { get; set; } = -1;

    public bool GoesBefore(HeapItem other) => Key != other.Key ? Key < other.Key : Tie < other.Tie;
}

/// <summary>A place in a heap for something that needs several.</summary>
internal sealed class HeapPlace<T> : HeapItem
{
    public HeapPlace(T owner, long tie)
    {
        Owner = owner;
        Tie = tie;
    }

    public T Owner { get; }
}

/// <summary>A binary heap whose items know their position, so that any of them can move or leave in logarithmic time.</summary>
internal sealed class Heap<T> where T : HeapItem
{
    private T[] _items = [];

    public int Count { get; private set; }

    public T? Top => Count == 0 ? null : _items[0];

    /// <summary>In no order but that the top is first.</summary>
    public ReadOnlySpan<T> Items => _items.AsSpan(0, Count);

    /// <summary>Puts the item in, or moves it to its new key.</summary>
    public void Set(T item, long key)
    {
        item.Key = key;
        if (!item.IsPlaced)
        {
            if (Count == _items.Length)
                Array.Resize(ref _items, Math.Max(4, Count * 2));
            Place(item, Count++);
        }
        if (!Rise(item))
            Sink(item);
    }

    /// <summary>An item that is in no heap is passed over.</summary>
    public void Remove(T item)
    {
        if (!item.IsPlaced)
            return;
        var hole = item.Position;
        var last = _items[--Count];
        _items[Count] = null!;
        item.Position = -1;
        if (ReferenceEquals(item, last))
            return;
        Place(last, hole);
        if (!Rise(last))
            Sink(last);
    }

    private bool Rise(T item)
    {
        var start = item.Position;
        while (item.Position > 0)
        {
            var parent = _items[(item.Position - 1) / 2];
            if (!item.GoesBefore(parent))
                break;
            Swap(item, parent);
        }
        return item.Position != start;
    }

    private void Sink(T item)
    {
        while (true)
        {
            var child = item.Position * 2 + 1;
            if (child >= Count)
                return;
            if (child + 1 < Count && _items[child + 1].GoesBefore(_items[child]))
                child++;
            if (!_items[child].GoesBefore(item))
                return;
            Swap(_items[child], item);
        }
    }

    private void Swap(T upward, T downward)
    {
        var (up, down) = (downward.Position, upward.Position);
        Place(upward, up);
        Place(downward, down);
    }

    private void Place(T item, int position)
    {
        _items[position] = item;
        item.Position = position;
    }
}
