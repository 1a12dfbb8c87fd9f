using System.Net;
using Microsoft.Extensions.Logging;

namespace Webcluster.Submission.Listeners;

/// <summary>
/// Tells people of refused PROXY headers, one line in five seconds at most: who floods the listener does not flood the log. Safe for
/// concurrent use.
/// </summary>
internal sealed class ProxyRefusalLog(TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private long _last;
    private bool _toldBefore;
    private int _untold;

    public void Tell(IPAddress peer, string listener, ProxyRefusal reason)
    {
        int untold;
        lock (_lock)
        {
            if (_toldBefore && time.GetElapsedTime(_last) < Between)
            {
                _untold++;
                return;
            }

            (_last, _toldBefore) = (time.GetTimestamp(), true);
            (untold, _untold) = (_untold, 0);
        }

        log.ProxyRefused(peer, listener, reason, untold);
    }
}
