using Webcluster.Queue.Traffic;

namespace Webcluster.Providers.Model;

/// <summary>
/// Begins full, gives its burst at once and fills up at the rate. Independent of the limiter of the product, which it judges.
/// </summary>
internal sealed class TokenBucket(Rate rate)
{
    private double _tokens = rate.Burst;
    private DateTimeOffset? _filledAt;

    public bool TryTake(DateTimeOffset now)
    {
        if (_filledAt is { } before) _tokens = Math.Min(rate.Burst, _tokens + (now - before) / rate.Per * rate.Amount);
        _filledAt = now;
        // What is short of a token by rounding only is a token.
        if (_tokens < 1 - 1e-9) return false;
        _tokens--;
        return true;
    }
}
