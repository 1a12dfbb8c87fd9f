using Microsoft.Extensions.Logging;
using Webcluster.Queue.Embedded.Storage;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>
/// Whether the store can be written, as far as is known. While it cannot, nothing new is accepted and nothing is claimed; the first write
/// that works ends that.
/// </summary>
internal sealed class StoreHealth(ILogger logger)
{
    private readonly Lock _gate = new();
    private volatile bool _failing;
    private EnqueueResult _reason;

    /// <summary>Outcomes cannot be stored.</summary>
    public bool IsFailing => _failing;

    /// <summary>Called, on the thread that noticed, when the store can be written again.</summary>
    public Action? Recovered { get; set; }

    public bool IsAccepting(out EnqueueResult why)
    {
        lock (_gate)
            why = _failing ? _reason : EnqueueResult.Stored;
        return why is EnqueueResult.Stored;
    }

    public void Failed(StoreFaultException fault)
    {
        lock (_gate)
        {
            _reason = fault.Result;
            if (_failing)
                return;
            _failing = true;
        }
        logger.StoreFailing(fault, fault.Kind);
    }

    public void Succeeded()
    {
        if (!_failing)
            return;
        lock (_gate)
            _failing = false;
        logger.StoreRecovered();
        Recovered?.Invoke();
    }
}
