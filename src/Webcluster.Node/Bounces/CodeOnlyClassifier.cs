using Webcluster.Protocol.Classification;

namespace Webcluster.Node.Bounces;

/// <summary>Says of every reply that nothing more is known.</summary>
internal sealed class CodeOnlyClassifier : IReplyClassifier
{
    public ReplyClassification Classify(string reply, string? provider = null) => new(BounceClass.PermanentOther, null, ClassifiedBy.Code, 0);
}
