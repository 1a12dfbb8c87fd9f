namespace Webcluster.Delivery.Outcomes;

/// <summary>How many recipients the next transaction may have, as a server showed when it ended a connection.</summary>
/// <param name="IsSaid">It said that there were too many; else it hung up without a word while they were named, which may be chance.</param>
internal readonly record struct RecipientBound(int Recipients, bool IsSaid);
