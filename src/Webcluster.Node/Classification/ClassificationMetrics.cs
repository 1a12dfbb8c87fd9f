using System.Diagnostics.Metrics;
using Webcluster.Protocol.Classification;

namespace Webcluster.Node.Classification;

/// <summary>What reading replies counts.</summary>
internal sealed class ClassificationMetrics
{
    private readonly Counter<long> _replies;

    public ClassificationMetrics(IMeterFactory meters) => _replies = meters.Create("Webcluster.Classification").CreateCounter<long>(
        "webcluster.classification.replies", description: "Refusals and bounces that were read, by class and by who answered.");

    public void Classified(ReplyClassification answer) => _replies.Add(
        1, new KeyValuePair<string, object?>("class", answer.Class.Text()), new("by", EvaluationText.NameOf(answer.By)));
}
