using System.Collections.Frozen;
using Webcluster.Protocol.Classification.Text;

namespace Webcluster.Protocol.Classification.Learning;

/// <summary>Multinomial logistic regression over <see cref="Features"/>: each class has a weight for each feature; the sums, made
/// probabilities, say which class is the likeliest.</summary>
internal sealed class LearnedModel
{
    public const int Classes = (int)BounceClass.PermanentOther + 1;

    /// <summary>Weights are kept as hundredths, as they are written.</summary>
    public const float Scale = 100;

    private readonly FrozenDictionary<string, int> _places;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _placeOf;
    private readonly short[] _weights;

    /// <param name="weights">Of each feature, <see cref="Classes"/> numbers in the order of the classes.</param>
    /// <param name="record">What it was learned from.</param>
    public LearnedModel(IReadOnlyDictionary<string, short[]> weights, double threshold, IReadOnlyList<string> record)
    {
        Threshold = threshold;
        Record = record;
        Weights = weights;
        var features = weights.Keys.Order(StringComparer.Ordinal).ToList();
        _weights = [.. features.SelectMany(feature => weights[feature])];
        _places = features.Select((feature, at) => (feature, at)).ToFrozenDictionary(pair => pair.feature, pair => pair.at * Classes);
        _placeOf = _places.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>A less likely answer is none.</summary>
    public double Threshold { get; }

    public IReadOnlyList<string> Record { get; }

    public IReadOnlyDictionary<string, short[]> Weights { get; }

    public (BounceClass Class, double Probability) Classify(in ReplyText reply)
    {
        Span<float> sums = stackalloc float[Classes];
        sums.Clear();
        var known = 0;
        var features = new Features(reply, stackalloc char[32]);
        while (features.MoveNext())
        {
            if (!_placeOf.TryGetValue(features.Current, out var place)) continue;
            known++;
            for (var each = 0; each < Classes; each++) sums[each] += _weights[place + each];
        }
        return Likeliest(sums, LearnedScale.Of(known) / Scale);
    }

    private static (BounceClass, double) Likeliest(Span<float> sums, float scale)
    {
        var best = 0;
        for (var each = 1; each < Classes; each++)
            if (sums[each] > sums[best]) best = each;
        var total = 0.0;
        foreach (var sum in sums) total += Math.Exp((sum - sums[best]) * scale);
        return ((BounceClass)best, 1 / total);
    }
}

/// <summary>Long replies have more features; each counts for less there, so that length alone makes nothing sure.</summary>
internal static class LearnedScale
{
    public static float Of(int features) => features == 0 ? 0 : 1 / MathF.Sqrt(features);
}
