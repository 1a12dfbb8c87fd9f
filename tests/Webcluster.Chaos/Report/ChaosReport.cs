using System.Globalization;
using Webcluster.Chaos.Ledger;
using Webcluster.TestKit.Report;

namespace Webcluster.Chaos.Report;

/// <summary>The reckoning of a run, and the numbers it is judged by.</summary>
internal sealed record ChaosReport(Balance Balance, Takeover Takeover, Recovery Recovery, IReadOnlyList<Figure> Figures, IReadOnlyList<string> Lines)
{
    private const int MostNames = 10;

    public IEnumerable<Figure> Broken => Figures.Where(figure => !figure.IsKept);

    public bool IsGood => !Broken.Any();

    public static ChaosReport Of(Books books, Journal journal, Bounds bounds, TimeSpan took)
    {
        var balance = Balance.Of(books);
        var takeover = Takeover.Of(books, journal.Stoppages);
        var recovery = Recovery.Of(books.Submissions, journal.Outages);
        var lines = Summary(balance, takeover, recovery, took).Append($"still queued: {books.StillQueued}")
            .Concat(journal.Exits.Select(exit => Text($"SIGTERM to exit: {exit.TotalSeconds:F1} s"))).ToList();
        if (journal.Skipped.Count > 0) lines.Add($"skipped: {string.Join(", ", journal.Skipped)}");
        return new ChaosReport(balance, takeover, recovery, [.. FiguresOf(balance, takeover, recovery, journal, bounds), new Figure("chaos_session_faults", books.NodeFaults, 0), new Figure("chaos_own_ends", journal.OwnEnds, 0)], lines);
    }

    public void Print(TextWriter output)
    {
        foreach (var line in Lines) output.WriteLine(line);
        foreach (var figure in Broken) output.WriteLine(Text($"BROKEN: {figure.Name} is {figure.Value:0.###}, allowed is {figure.Allowed}"));
        foreach (var figure in Figures) output.WriteLine(figure);
    }

    private static IEnumerable<string> Summary(Balance balance, Takeover takeover, Recovery recovery, TimeSpan took)
    {
        yield return Text($"accepted: {balance.Accepted} in {took.TotalSeconds:F0} s; uncertain: {balance.Uncertain}, of which {balance.UncertainArrived} arrived");
        yield return $"delivered: {balance.Delivered}; bounced: {balance.Bounced}";
        yield return $"lost: {balance.Lost}{Some(balance.Missing)}";
        yield return $"twice: {balance.Twice}; excused: {takeover.TwiceBound}; not marked as possible: {balance.Unmarked.Count}{Some(balance.Unmarked)}";
        foreach (var how in balance.TwiceHow.Take(MostNames)) yield return $"  {how}";
        yield return $"mails of dead nodes: {takeover.TakenOver} taken over, {takeover.Forgotten} without a further attempt";
        if (takeover.BeforeDot > 0) yield return $"mails of nodes that stood still, before the final dot: {takeover.BeforeDot}, sent late: {takeover.LateDots}";
        if (recovery.Longest is not null)
            yield return Text($"while the store was away: {recovery.Refused} refused (the slowest took {recovery.SlowestRefusal?.TotalSeconds ?? 0:F1} s), {recovery.Unanswered} without an answer");
    }

    private static IEnumerable<Figure> FiguresOf(Balance balance, Takeover takeover, Recovery recovery, Journal journal, Bounds bounds)
    {
        yield return new Figure("chaos_accepted", balance.Accepted);
        yield return new Figure("chaos_lost", balance.Lost, 0);
        yield return new Figure("chaos_twice", balance.Twice, takeover.TwiceBound);
        yield return new Figure("chaos_twice_bound", takeover.TwiceBound);
        yield return new Figure("chaos_twice_unmarked", balance.Unmarked.Count, bounds.AllMarked ? 0 : null);
        if (takeover.Longest is { } longest) yield return new Figure("chaos_takeover_seconds", longest.TotalSeconds, bounds.Takeover?.TotalSeconds);
        if (takeover.SlotsFree is { } slots) yield return new Figure("chaos_slots_free_seconds", slots.TotalSeconds, bounds.Takeover?.TotalSeconds);
        if (takeover.TakenOver > 0) yield return new Figure("chaos_forgotten", takeover.Forgotten, 0);
        if (journal.Stoppages.Any(stoppage => stoppage.Kind == StoppageKind.Suspended))
            yield return new Figure("chaos_late_dots", takeover.LateDots, bounds.NoLateDots ? 0 : null);
        if (journal.Exits.Count > 0) yield return new Figure("chaos_exit_seconds", journal.Exits.Max().TotalSeconds, bounds.Exit?.TotalSeconds);
        if (recovery.Longest is not { } recovered) yield break;
        yield return new Figure("chaos_recovery_seconds", recovered.TotalSeconds, bounds.Recovery?.TotalSeconds);
        yield return new Figure("chaos_wrong_replies", recovery.Wrong, 0);
    }

    private static string Some(IReadOnlyList<string> names) =>
        names.Count == 0 ? "" : $" ({string.Join(", ", names.Take(MostNames))}{(names.Count > MostNames ? ", ..." : "")})";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
