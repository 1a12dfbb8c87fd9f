using Webcluster.Delivery.Sources;
using Webcluster.Queue.Traffic;

namespace Webcluster.Node.Http;

/// <summary>How far a source has come at one provider, as the API shows it.</summary>
internal sealed record WarmupView
{
    public required string Source { get; init; }

    public required string Provider { get; init; }

    public required string Plan { get; init; }

    /// <summary>From 1; null: it is warm.</summary>
    public required int? Step { get; init; }

    /// <summary>So many the plan has.</summary>
    public required int Steps { get; init; }

    /// <summary>Messages that the step allows on a day; null: it is warm.</summary>
    public required int? Budget { get; init; }

    /// <summary>The UTC day that <see cref="Used"/> and <see cref="Refused"/> are of.</summary>
    public required DateOnly Day { get; init; }

    public required long Used { get; init; }

    public required long Refused { get; init; }

    public static WarmupView Of(WarmupState state)
    {
        // The plan of another version may have more steps, or be unknown here.
        var budgets = WarmupPlans.Find(state.Plan)?.Budgets ?? [];
        return new WarmupView
        {
            Source = state.Source,
            Provider = state.Provider,
            Plan = state.Plan,
            Step = state.Step,
            Steps = budgets.Count,
            Budget = state.Step <= budgets.Count ? budgets[state.Step.Value - 1] : null,
            Day = state.Day,
            Used = state.Used,
            Refused = state.Refused,
        };
    }
}

internal sealed record WarmupList(IReadOnlyList<WarmupView> Warmups);
