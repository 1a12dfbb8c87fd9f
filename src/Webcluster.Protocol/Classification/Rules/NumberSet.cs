using System.Numerics;

namespace Webcluster.Protocol.Classification.Rules;

/// <summary>A set of small numbers, in memory that the caller gives, cleared.</summary>
internal readonly ref struct NumberSet(Span<ulong> bits)
{
    private readonly Span<ulong> _bits = bits;

    /// <summary>How many elements the memory for numbers under <paramref name="count"/> has.</summary>
    public static int SizeFor(int count) => (count + 63) / 64;

    public bool Contains(int number) => (_bits[number >> 6] & (1UL << number)) != 0;

    public void Add(int number) => _bits[number >> 6] |= 1UL << number;

    /// <summary>The smallest number that is at least <paramref name="from"/>; -1: none.</summary>
    public int Next(int from)
    {
        for (var at = from >> 6; at < _bits.Length; at++)
        {
            var left = _bits[at] & (at == from >> 6 ? ulong.MaxValue << from : ulong.MaxValue);
            if (left != 0) return (at << 6) + BitOperations.TrailingZeroCount(left);
        }
        return -1;
    }
}
