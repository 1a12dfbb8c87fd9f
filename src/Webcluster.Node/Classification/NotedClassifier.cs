using Webcluster.Protocol.Classification;

namespace Webcluster.Node.Classification;

/// <summary>The classifier of a running node: counts who answers, and notes what nothing was sure of.</summary>
internal sealed class NotedClassifier(ReplyClassifier classifier, UnsureReplies unsure, ClassificationMetrics metrics) : IReplyClassifier
{
    public ReplyClassification Classify(string reply, string? provider = null)
    {
        var answer = classifier.Classify(reply, provider);
        metrics.Classified(answer);
        if (answer.By == ClassifiedBy.Code) unsure.Note(reply, answer.Class);
        return answer;
    }
}
