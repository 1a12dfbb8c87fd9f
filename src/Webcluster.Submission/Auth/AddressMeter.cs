using System.Net;

namespace Webcluster.Submission.Auth;

/// <summary>
/// Bounds what one IPv4 address or one IPv6 /64 asks for in a minute. Remembers so many of them; of more, the oldest is forgotten. Safe for
/// concurrent use.
/// </summary>
public sealed class AddressMeter(TimeProvider time, int mostPerMinute)
{
    private const int Capacity = 100_000;

    private readonly FailureCounter<ClientNetwork> _counts = new(time, Capacity);

    /// <summary>Counts one more; false where it is one too many.</summary>
    public bool TryCount(IPAddress address) =>
        _counts.Add(ClientNetwork.Of(address)) <= mostPerMinute;
}
