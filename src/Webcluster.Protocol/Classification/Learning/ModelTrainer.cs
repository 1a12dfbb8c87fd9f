using Webcluster.Protocol.Classification.Text;

namespace Webcluster.Protocol.Classification.Learning;

/// <summary>Learns a model from labelled lines by stochastic gradient descent. The same lines give the same model.</summary>
internal sealed class ModelTrainer
{
    public const double DefaultThreshold = 0.5;

    private const int Rounds = 60;
    private const float FirstStep = 1.5f;
    private const float Decay = 0.0004f;

    /// <summary>What was seen once only may be chance.</summary>
    private const int FewestLines = 2;

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<Sample> _samples;
    private readonly float[] _weights;

    private ModelTrainer(IReadOnlyCollection<LabelledLine> lines)
    {
        var features = lines.Select(line => (Features: FeaturesOf(line.Reply), line.Class)).ToList();
        var groups = features.SelectMany(line => line.Features).GroupBy(feature => feature, StringComparer.Ordinal);
        foreach (var group in groups.Where(group => group.Count() >= FewestLines))
            _places.Add(group.Key, _places.Count * LearnedModel.Classes);
        _samples = [.. features.Select(line => new Sample(PlacesOf(line.Features), line.Class))];
        _weights = new float[_places.Count * LearnedModel.Classes];
    }

    public static LearnedModel Train(IReadOnlyCollection<LabelledLine> lines, double threshold, IReadOnlyList<string> record)
    {
        var trainer = new ModelTrainer(lines);
        trainer.Learn();
        var weights = trainer._places.ToDictionary(place => place.Key, place => trainer.Rounded(place.Value), StringComparer.Ordinal);
        return new LearnedModel(weights, threshold, record);
    }

    private static HashSet<string> FeaturesOf(string reply)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var features = new Features(ReplyNormalizer.Normalize(reply), stackalloc char[32]);
        while (features.MoveNext()) found.Add(features.Current.ToString());
        return found;
    }

    private int[] PlacesOf(IEnumerable<string> features) => [.. features.Where(_places.ContainsKey).Select(each => _places[each])];

    private void Learn()
    {
        var chance = new Random(1);
        var order = Enumerable.Range(0, _samples.Count).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            chance.Shuffle(order);
            var step = FirstStep / (1 + 0.1f * round);
            foreach (var at in order) Learn(_samples[at], step);
        }
    }

    private void Learn(Sample sample, float step)
    {
        var scale = LearnedScale.Of(sample.Places.Length);
        Span<float> probabilities = stackalloc float[LearnedModel.Classes];
        Predict(sample.Places, scale, probabilities);
        probabilities[(int)sample.Class] -= 1;
        foreach (var place in sample.Places)
            for (var each = 0; each < LearnedModel.Classes; each++)
            {
                ref var weight = ref _weights[place + each];
                weight -= step * (probabilities[each] * scale + Decay * weight);
            }
    }

    private void Predict(int[] places, float scale, Span<float> probabilities)
    {
        probabilities.Clear();
        foreach (var place in places)
            for (var each = 0; each < LearnedModel.Classes; each++) probabilities[each] += _weights[place + each];
        var most = float.NegativeInfinity;
        foreach (var sum in probabilities) most = Math.Max(most, sum);
        var total = 0f;
        foreach (ref var each in probabilities) total += each = MathF.Exp((each - most) * scale);
        foreach (ref var each in probabilities) each /= total;
    }

    private short[] Rounded(int place) =>
        [.. _weights.AsSpan(place, LearnedModel.Classes).ToArray()
            .Select(weight => (short)Math.Clamp(MathF.Round(weight * LearnedModel.Scale), short.MinValue, short.MaxValue))];

    private sealed record Sample(int[] Places, BounceClass Class);
}
