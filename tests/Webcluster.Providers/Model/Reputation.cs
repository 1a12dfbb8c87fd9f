namespace Webcluster.Providers.Model;

/// <summary>
/// The standing of one source. Each offence costs points, quiet time brings them back. Without points the source is blocked; attempts
/// during the block change nothing, and when it ends the source has half of its points. Each block is twice as long as the one before.
/// </summary>
internal sealed class Reputation(ReputationRules rules)
{
    private double _points = ReputationRules.Full;
    private DateTimeOffset? _pointsAt;
    private DateTimeOffset _blockedUntil = DateTimeOffset.MinValue;
    private TimeSpan _nextBlock = rules.Block;
    private DateTimeOffset _minuteBegan = DateTimeOffset.MinValue;
    private double _lostInMinute;

    public bool IsBlocked(DateTimeOffset now) => now < _blockedUntil;

    public double Points(DateTimeOffset now)
    {
        var quiet = now - (_pointsAt ?? now);
        return quiet <= TimeSpan.Zero ? _points : Math.Min(ReputationRules.Full, _points + quiet.TotalMinutes * rules.RecoversPerMinute);
    }

    /// <returns>The end of the block that this offence brought; null where it brought none.</returns>
    public DateTimeOffset? Offend(DateTimeOffset now)
    {
        if (IsBlocked(now)) return null;
        if (now - _minuteBegan >= TimeSpan.FromMinutes(1)) (_minuteBegan, _lostInMinute) = (now, 0);
        var cost = Math.Min(rules.Cost, rules.MostPerMinute - _lostInMinute);
        _lostInMinute += cost;
        (_points, _pointsAt) = (Points(now) - cost, now);
        if (_points > 0) return null;
        _blockedUntil = now + _nextBlock;
        // They count from the end of the block on.
        (_points, _pointsAt) = (ReputationRules.Full / 2, _blockedUntil);
        _nextBlock = _nextBlock * 2 < ReputationRules.LongestBlock ? _nextBlock * 2 : ReputationRules.LongestBlock;
        return _blockedUntil;
    }
}
