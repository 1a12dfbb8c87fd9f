namespace Webcluster.Queue.Traffic;

/// <summary>How far a source has come with its warm-up at one provider.</summary>
/// <param name="Plan">The plan's name.</param>
/// <param name="Step">Of the plan, from 1; null: it is warm.</param>
/// <param name="Day">The UTC day that is counted, the last on which it sent. The first claim of a later day decides the step anew.</param>
/// <param name="Used">Messages of that day.</param>
/// <param name="Refused">Times that it was asked to send less on that day.</param>
public sealed record WarmupState(string Provider, string Source, string Plan, int? Step, DateOnly Day, long Used, long Refused)
{
    internal const int MostListed = 10_000;
}
