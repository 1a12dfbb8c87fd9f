namespace Webcluster.Node.Webhooks.Pump;

/// <summary>When an event that was not taken is tried again: the schedule of Standard Webhooks, some three days in all.</summary>
internal sealed class RetrySteps(Random random)
{
    // Many that failed together are not to come back together.
    private const double Jitter = 0.1;

    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <param name="failures">At least one.</param>
    /// <returns>Null: never again.</returns>
    public TimeSpan? After(int failures) => failures > Waits.Length ? null : Waits[failures - 1] * (1 + Jitter * random.NextDouble());
}
