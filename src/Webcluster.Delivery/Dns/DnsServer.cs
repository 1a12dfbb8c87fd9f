using System.Net;

namespace Webcluster.Delivery.Dns;

/// <summary>One recursive server and what is remembered about it. Thread-safe; what is remembered is advice, so races do no harm.</summary>
internal sealed class DnsServer(IPEndPoint endPoint, bool isTrusted, TimeProvider time)
{
    /// <summary>A server that did not answer is asked last for so long.</summary>
    private static readonly TimeSpan Avoidance = TimeSpan.FromSeconds(30);

    /// <summary>A server that did not understand EDNS is spared it for so long; it may be upgraded.</summary>
    private static readonly TimeSpan WithoutEdns = TimeSpan.FromMinutes(10);

    /// <summary>Docker's in each container of a network of one's own: it passes on what another server says, over any network.</summary>
    private static readonly IPAddress Docker = IPAddress.Parse("127.0.0.11");

    private long _silentAt;
    private long _plainAt;

    public IPEndPoint EndPoint { get; } = endPoint;

    /// <summary>Is it believed when it says that an answer is validated?</summary>
    public bool IsTrusted { get; } = isTrusted || (IPAddress.IsLoopback(endPoint.Address) && !endPoint.Address.Equals(Docker));

    public bool IsAvoided => IsRecent(ref _silentAt, Avoidance);

    public bool TakesEdns => !IsRecent(ref _plainAt, WithoutEdns);

    public void Answered() => Volatile.Write(ref _silentAt, 0);

    public void WasSilent() => Mark(ref _silentAt);

    public void RefusedEdns() => Mark(ref _plainAt);

    // 0 means never.
    private void Mark(ref long at) => Volatile.Write(ref at, Math.Max(1, time.GetTimestamp()));

    private bool IsRecent(ref long at, TimeSpan period) =>
        Volatile.Read(ref at) is > 0 and var since && time.GetElapsedTime(since) < period;
}
