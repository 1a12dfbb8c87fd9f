using Webcluster.Providers.Server;
using Webcluster.TestKit.Report;

namespace Webcluster.Providers.Proofs;

/// <summary>
/// What one provider saw of the new source, day by day, and which step the plan's rules allow after that: up where four fifths of the budget
/// came and one in twenty or less was refused; down where more than one in ten was; else the same. While it defers, never up.
/// </summary>
internal sealed class WarmupTrack(HostedProvider hosted, int perDay)
{
    private int _step = 1;
    private int _before;
    private int _refusedBefore;
    private int _mostBeyond;
    private int _unused;
    private bool _isUncertain;

    public Model.Provider Provider => hosted.Provider;

    public string Name => hosted.Profile.Name;

    /// <summary>It defers for some days.</summary>
    public bool Defers { get; init; }

    public int Submitted { get; set; }

    /// <summary>A node was killed today: what it had may be lost for the day.</summary>
    public bool IsDisturbed { get; set; }

    /// <summary>Attempts of today.</summary>
    public int Today => hosted.Record.Taken + hosted.Record.Refused - _before;

    public int Budget => _step * perDay;

    /// <summary>Mails to be submitted so that there is more than today's and tomorrow's budget.</summary>
    public int Missing => Budget + (_step + 2) * perDay - (Submitted - hosted.Record.Taken);

    /// <returns>The day in words.</returns>
    public string EndDay(int day)
    {
        var (sent, refused) = (Today, hosted.Record.Refused - _refusedBefore);
        var text = $"{Name} {sent} of {Budget}{(refused > 0 ? $" ({refused} refused)" : "")}";
        if (_isUncertain && sent > 0 && sent < Budget && sent % perDay == 0) (_step, _isUncertain) = (sent / perDay, false);
        _mostBeyond = Math.Max(_mostBeyond, sent - Budget);
        var isDeferring = Defers && day is >= WarmupProof.FirstDeferring and <= WarmupProof.LastDeferring;
        if (!IsDisturbed && !isDeferring && !_isUncertain) _unused += Math.Max(0, Budget - sent);
        // What a killed node had counts as used, though it was not seen; how much of a refused claim does, was not seen either: what comes
        // the day after tells.
        _isUncertain = (_isUncertain && sent < Budget) || IsDisturbed || isDeferring;
        if (!isDeferring) _step = Next(sent, refused);
        (_before, _refusedBefore, IsDisturbed) = (_before + sent, _refusedBefore + refused, false);
        return text;
    }

    public IEnumerable<Figure> Figures(int days)
    {
        yield return new Figure($"providers_warmup_{Name}_beyond_budget", _mostBeyond, AtMost: 0);
        yield return new Figure($"providers_warmup_{Name}_unused", _unused, AtMost: 0);
        var held = Defers ? Math.Max(0, Math.Min(days, WarmupProof.LastDeferring) - WarmupProof.FirstDeferring + 1) : 0;
        yield return new Figure($"providers_warmup_{Name}_step", _step, AtMost: days + 1 - held, AtLeast: Defers ? 1 : days + 1);
    }

    private int Next(int sent, int refused)
    {
        if ((IsDisturbed || sent * 5 >= Budget * 4) && refused * 20 <= sent) return _step + 1;
        return refused * 10 > sent ? Math.Max(1, _step - 1) : _step;
    }
}
