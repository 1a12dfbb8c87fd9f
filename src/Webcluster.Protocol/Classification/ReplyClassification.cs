namespace Webcluster.Protocol.Classification;

/// <param name="Permanent">What the remote said: true for 5yz, false for 4yz, null where the text does not say.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Rule">The rule's name where one matched.</param>
public sealed record ReplyClassification(BounceClass Class, bool? Permanent, ClassifiedBy By, double Confidence, string? Rule = null);

public enum ClassifiedBy
{
    /// <summary>A row of the rule table.</summary>
    Rule,

    /// <summary>The learned classifier, above its threshold.</summary>
    Model,

    /// <summary>Nothing was sure: the class of the enhanced code, or one of the two "other".</summary>
    Code,
}
