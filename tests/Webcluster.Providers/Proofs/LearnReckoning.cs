using System.Globalization;
using Webcluster.Providers.Model;
using Webcluster.Providers.Server;
using Webcluster.TestKit.Report;

namespace Webcluster.Providers.Proofs;

/// <summary>
/// What became of the mail that a sender was given. Minutes are the providers' and begin with the first attempt at any of them.
/// </summary>
internal sealed class LearnReckoning
{
    private static readonly TimeSpan Learning = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan WindowBegins = TimeSpan.FromMinutes(50), WindowEnds = TimeSpan.FromMinutes(60);

    private readonly SenderKind _kind;
    private readonly List<ProviderView> _views;
    private readonly List<string> _bounced;
    private readonly int _deliverable;
    private readonly DateTimeOffset _began;

    /// <param name="accepted">Recipients whose mail the sender has taken.</param>
    public LearnReckoning(SenderKind kind, ProviderWorld world, IReadOnlyList<string> accepted)
    {
        _kind = kind;
        var deliverable = accepted.Where(recipient => !UnknownUsers.IsOne(recipient)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var byDomain = deliverable.ToLookup(recipient => recipient[(recipient.IndexOf('@') + 1)..]);
        _deliverable = deliverable.Count;
        _views = [.. world.Providers.Select(provider => new ProviderView(provider, provider.Profile.Domains.Sum(MailsFor)))];
        _bounced = [.. world.Reports.Record.Failed.Where(deliverable.Contains)];
        _began = _views.SelectMany(view => view.Attempts.Take(1)).Min(attempt => attempt.At);

        int MailsFor(string domain) => byDomain[domain].Count();
    }

    public void Print(Runner runner)
    {
        runner.Say($"{_kind}: provider     mails    taken  at best  min 50-60  refused  after 10  most open  blocks");
        foreach (var view in _views)
        {
            var (taken, expected) = view.Between(_began, WindowBegins, WindowEnds);
            var share = expected > 0 ? taken / expected : 1;
            var (all, after) = (view.RefusedShare(_began), view.RefusedShare(_began + Learning));
            var rates = Text($"{view.Best,9:0}{share,11:P0}{all,9:P1}{after,10:P1}");
            runner.Say($"  {view.Name,-16}{view.Mails,8}{view.Taken,9}{rates}{view.MostOpen,11}{view.Blocks,8}");
        }

        foreach (var view in _views)
            foreach (var refused in view.Attempts.Where(attempt => attempt.IsTooFast).GroupBy(attempt => attempt.Refusal))
                runner.Say($"  {view.Name}: {refused.Key} {refused.Count()} times, last in minute {Minute(refused.Last().At):0}");
        if (Minutes99() is null) runner.Say($"  99 % were not delivered by minute {Minute(_views.Max(view => view.Attempts[^1].At)):0}");
    }

    /// <param name="isJudged">The bounds are asked for.</param>
    public IEnumerable<Figure> Figures(string suffix, bool isJudged)
    {
        var windows = _views.ConvertAll(view => view.Between(_began, WindowBegins, WindowEnds));
        var hours = _views.ConvertAll(view => view.Between(_began, TimeSpan.Zero, WindowEnds));
        yield return Of("share", windows.Sum(window => window.Taken) / Math.Max(1, windows.Sum(window => window.Expected)), atLeast: 0.85);
        yield return Of("share_least", windows.Min(window => window.Expected > 0 ? window.Taken / window.Expected : 1));
        yield return Of("share_hour", hours.Sum(hour => hour.Taken) / Math.Max(1, hours.Sum(hour => hour.Expected)));
        yield return Of("refused_share_all", RefusedShare(TimeSpan.Zero));
        yield return Of("refused_share", RefusedShare(Learning), atMost: 0.02);
        yield return Of("bounced_wrongly", _bounced.Count, atMost: 0);
        yield return Of("blocks", _views.Sum(view => view.Blocks));
        yield return Of("blocks_repeated", _views.Sum(view => view.BlocksRepeated), atMost: 0);
        yield return Of("undelivered", _deliverable - _views.Sum(view => view.Taken) - _bounced.Count, atMost: 0);
        yield return Of("twice", _views.Sum(view => view.Twice), atMost: 0);
        if (Minutes99() is { } minutes) yield return Of("minutes_99", minutes);

        Figure Of(string name, double value, double? atMost = null, double? atLeast = null) =>
            new($"providers_learn_{name}{suffix}", value, isJudged ? atMost : null, isJudged ? atLeast : null);
    }

    private double RefusedShare(TimeSpan after)
    {
        var attempts = _views.SelectMany(view => view.Attempts).Where(attempt => attempt.At >= _began + after).ToList();
        return attempts.Count == 0 ? 0 : (double)attempts.Count(attempt => attempt.IsTooFast) / attempts.Count;
    }

    /// <summary>Until 99 % of the mail that can be delivered was; null: not in this run.</summary>
    private double? Minutes99()
    {
        var arrivals = _views.SelectMany(view => view.FirstArrivals).Order().ToList();
        var needed = (int)Math.Ceiling(_deliverable * 0.99);
        return arrivals.Count < needed ? null : Minute(arrivals[Math.Max(0, needed - 1)]);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private double Minute(DateTimeOffset at) => (at - _began).TotalMinutes;
}
