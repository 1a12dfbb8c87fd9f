using Webcluster.Queue.Traffic;

namespace Webcluster.Delivery.Sources;

/// <summary>
/// The plans that sources are warmed up by: what each may send to one provider on a day, step by step. The steps are those that senders
/// publish (a table that began with SendGrid, and SparkPost's stages).
/// </summary>
public static class WarmupPlans
{
    private static readonly WarmupPlan[] Plans =
    [
        new("default",
        [
            50, 100, 500, 1_000, 5_000, 10_000, 20_000, 40_000, 70_000, 100_000, 150_000, 250_000, 400_000, 600_000, 1_000_000,
        ]),
        new("cautious",
        [
            20, 40, 80, 150, 300, 600, 1_200, 2_000, 4_000, 8_000, 15_000, 30_000, 50_000, 80_000, 120_000, 180_000, 250_000, 400_000,
        ]),
        new("stages",
        [
            200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 50_000, 75_000, 100_000, 150_000, 200_000, 250_000, 325_000, 400_000,
            500_000,
        ]),
        new("linear", [.. Enumerable.Range(1, 30).Select(day => 500 * day)]),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Plans.Select(plan => plan.Name)];

    /// <returns>Null where there is no such plan.</returns>
    public static WarmupPlan? Find(string name) => Array.Find(Plans, plan => plan.Name == name);
}
