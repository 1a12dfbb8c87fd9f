namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>
/// Lists of words that many deliveries share (a domain, a campaign's tags), so that a million of them hold few. Remembers a fixed number,
/// by chance the ones used most. Guarded by the index's gate.
/// </summary>
internal sealed class WordPool
{
    private const int Slots = 4096;
    private readonly string[]?[] _recent = new string[Slots][];

    /// <returns>An equal list, perhaps one that others have too.</returns>
    public string[] Of(string[] words)
    {
        if (words.Length == 0)
            return [];
        ref var slot = ref _recent[(uint)words[0].GetHashCode(StringComparison.Ordinal) % Slots];
        if (slot is null || !slot.AsSpan().SequenceEqual(words))
            slot = words;
        return slot;
    }
}
