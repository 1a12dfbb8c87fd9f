namespace Webcluster.Queue.Redis.Connection;

/// <summary>
/// Decides when a connection that looks sound is given up: a peer that vanished without a word looks connected for minutes, and a cluster's
/// dead node may stay on the map. Safe for concurrent use.
/// </summary>
internal sealed class Silence(RedisConnectionKind kind, TimeProvider time)
{
    // Longer than any pause of a healthy server, shorter than what operators wait for.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private long _lastAnswer = time.GetTimestamp();
    private long _firstTrouble;
    private long _lastTrouble;

    public void Answered() => Volatile.Write(ref _lastAnswer, time.GetTimestamp());

    /// <returns>True when the connection should be given up.</returns>
    public bool Note(RedisTroubleKind trouble) => (kind, trouble) switch
    {
        // It was demoted: the Sentinels know who took its place.
        (RedisConnectionKind.Primary, RedisTroubleKind.ReadOnly) => true,
        (RedisConnectionKind.Cluster, RedisTroubleKind.Timeout or RedisTroubleKind.ReadOnly or RedisTroubleKind.ClusterDown
            or RedisTroubleKind.Unavailable) => Persists(),
        (_, RedisTroubleKind.Timeout) => time.GetElapsedTime(Volatile.Read(ref _lastAnswer)) >= Limit,
        _ => false,
    };

    // The other nodes of a cluster go on answering: what counts is trouble that keeps coming.
    private bool Persists()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_lastTrouble == 0 || time.GetElapsedTime(_lastTrouble, now) >= Limit)
                _firstTrouble = now;
            _lastTrouble = now;
            return time.GetElapsedTime(_firstTrouble, now) >= Limit;
        }
    }
}
