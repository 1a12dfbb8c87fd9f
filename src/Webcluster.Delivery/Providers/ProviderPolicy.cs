using Webcluster.Delivery.Providers.Replies;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Queue.Traffic;

namespace Webcluster.Delivery.Providers;

/// <summary>How a provider is to be treated.</summary>
/// <param name="Provider">Limits of all sources together.</param>
/// <param name="Source">Limits of the source that was asked for.</param>
/// <param name="RecipientsPerTransaction">The most of one message.</param>
/// <param name="Rules">What its replies mean.</param>
/// <param name="Settings">Every value in force, and where it was said.</param>
public sealed record ProviderPolicy(
    TrafficLimits Provider, TrafficLimits Source, int RecipientsPerTransaction, TlsPolicy Tls, ReplyRules Rules,
    IReadOnlyList<Setting> Settings)
{
    /// <summary>What its servers are shown where they ask; null: what all are.</summary>
    public ClientCertificateOptions? ClientCertificate { get; init; }
}
