using Microsoft.Extensions.Logging;
using Webcluster.Queue.Embedded.Storage;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>
/// Whether the store can be written, as far as is known. While it cannot, nothing new is accepted and nothing is claimed; the first write
/// that works ends that.
/// </summary>
internal sealed class StoreHealth(ILogger logger)
{
    private readonly Lock gate = new();
    private volatile bool failing;
    private EnqueueResult reason;

    /// <summary>Outcomes cannot be stored.</summary>
    public bool IsFailing => failing;

    /// <summary>Called, on the thread that noticed, when the store can be written again.</summary>
    public Action? Recovered { get; set; }

    public bool IsAccepting(out EnqueueResult why)
    {
        lock (gate)
            why = failing ? reason : EnqueueResult.Stored;
        return why is EnqueueResult.Stored;
    }

    public void Failed(StoreFaultException fault)
    {
        lock (gate)
        {
            reason = fault.Result;
            if (failing)
                return;
            failing = true;
        }
        logger.StoreFailing(fault, fault.Kind);
    }

    public void Succeeded()
    {
        if (!failing)
            return;
        lock (gate)
            failing = false;
        logger.StoreRecovered();
        Recovered?.Invoke();
    }
}
