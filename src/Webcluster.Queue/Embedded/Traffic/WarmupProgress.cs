using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>How far a source has come with its plan at one provider.</summary>
/// <param name="Step">From 1; behind the last one the source is warm.</param>
/// <param name="Day">UTC days since 1970.</param>
/// <param name="Refused">Refusals of the day for the source's sake.</param>
internal sealed record WarmupProgress(string Plan, int Step, long Day, long Used, long Refused, bool IsWarm)
{
    private const double DayLength = 86_400_000_000;

    /// <summary>As it is today: a plan of another name begins, and the first look at a new day decides the step by how the last one
    /// went.</summary>
    public static WarmupProgress Today(WarmupProgress? last, WarmupPlan plan, double now)
    {
        var day = (long)Math.Floor(now / DayLength);
        if (last is null || last.Plan != plan.Name)
            return new WarmupProgress(plan.Name, 1, day, 0, 0, plan.Budgets.Count < 1);
        if (last.Day < day)
        {
            var step = last.Step <= plan.Budgets.Count ? Next(last, plan.Budgets[last.Step - 1]) : last.Step;
            last = last with { Step = step, Day = day, Used = 0, Refused = 0 };
        }
        var isWarm = last.Step > plan.Budgets.Count;
        return last.IsWarm == isWarm ? last : last with { IsWarm = isWarm };
    }

    /// <summary>On that step by an operator's word: what was used today stays used, what was refused before counts no more.</summary>
    /// <param name="step">Null: warm.</param>
    public static WarmupProgress At(WarmupProgress? last, WarmupPlan plan, int? step, double now)
    {
        var day = (long)Math.Floor(now / DayLength);
        var used = last is not null && last.Plan == plan.Name && last.Day >= day ? last.Used : 0;
        return new WarmupProgress(plan.Name, step ?? plan.Budgets.Count + 1, Math.Max(day, last?.Day ?? 0), used, 0, step is null);
    }

    public WarmupState Shown(string provider, string source) =>
        new(provider, source, Plan, IsWarm ? null : Step, DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(Day)), Used, Refused);

    /// <summary>When the next day begins.</summary>
    public double EndOfDay => (Day + 1) * DayLength;

    /// <returns>What is left of the day's budget.</returns>
    public double Left(WarmupPlan plan) => plan.Budgets[Step - 1] - Used;

    private static int Next(WarmupProgress last, int budget)
    {
        if (last.Used * 5 >= budget * 4L && last.Refused * 20 <= last.Used)
            return last.Step + 1;
        return last.Refused * 10 > last.Used ? Math.Max(1, last.Step - 1) : last.Step;
    }
}
