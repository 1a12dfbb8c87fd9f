namespace Webcluster.Protocol.Classification.Learning;

/// <summary>A reply, and what it means.</summary>
public sealed record LabelledLine(string Reply, BounceClass Class);
