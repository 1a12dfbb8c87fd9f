namespace Webcluster.Chaos.Report;

/// <summary>What must be kept besides: nothing lost, and nothing twice beyond what the faults excuse. Null: not asked for.</summary>
internal sealed record Bounds
{
    public TimeSpan? Takeover { get; init; }

    public TimeSpan? Recovery { get; init; }

    public TimeSpan? Exit { get; init; }

    public bool NoLateDots { get; init; }

    public bool AllMarked { get; init; }
}
