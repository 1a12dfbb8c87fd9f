using System.Globalization;
using Webcluster.Queue.Traffic;

namespace Webcluster.Delivery.Sources;

/// <summary>
/// The plans that sources are warmed up by: what each may send to one provider on a day, step by step. The steps are those that senders
/// publish (a table that began with SendGrid, and SparkPost's stages).
/// </summary>
public static class WarmupPlans
{
    private const int LineDays = 30;
    private const int MostPerDay = 10_000_000;
    private const string PerDay = "/day";

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
        new("linear", Evenly(500, 500)),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Plans.Select(plan => plan.Name)];

    /// <param name="name">Or a line: "500/day + 200/day", thirty days of it.</param>
    /// <returns>Null where there is no such plan.</returns>
    public static WarmupPlan? Find(string name) => Array.Find(Plans, plan => plan.Name == name) ?? Line(name);

    private static WarmupPlan? Line(string text) =>
        text.Split('+') is [var first, var more] && TryPerDay(first, out var start) && TryPerDay(more, out var step)
            ? new WarmupPlan($"{start}/day + {step}/day", Evenly(start, step))
            : null;

    private static int[] Evenly(int start, int step) => [.. Enumerable.Range(0, LineDays).Select(day => start + step * day)];

    private static bool TryPerDay(string text, out int amount)
    {
        amount = 0;
        return text.Trim() is var part && part.EndsWith(PerDay, StringComparison.Ordinal)
            && int.TryParse(part.AsSpan(0, part.Length - PerDay.Length), NumberStyles.None, CultureInfo.InvariantCulture, out amount)
            && amount is >= 1 and <= MostPerDay;
    }
}
