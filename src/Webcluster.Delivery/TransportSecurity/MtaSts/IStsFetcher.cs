using Webcluster.Delivery.TransportSecurity.TlsReporting;

namespace Webcluster.Delivery.TransportSecurity.MtaSts;

/// <summary>Gets the policy that a domain shows.</summary>
internal interface IStsFetcher
{
    /// <summary>Within the configured time-out. Never throws for what the network does.</summary>
    Task<StsFetch> FetchAsync(string domain, CancellationToken cancellation);
}

/// <param name="Policy">Null where there is none to be had.</param>
/// <param name="Result">Success, or what kind of failure.</param>
/// <param name="Detail">For people.</param>
internal sealed record StsFetch(StsPolicy? Policy, TlsResult Result, string Detail);
