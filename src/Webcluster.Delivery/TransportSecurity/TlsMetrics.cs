using System.Diagnostics;
using System.Diagnostics.Metrics;
using Webcluster.Delivery.TransportSecurity.MtaSts;
using Webcluster.Delivery.TransportSecurity.TlsReporting;

namespace Webcluster.Delivery.TransportSecurity;

/// <summary>Counts how connections were secured, by the rule that decided and what came of it.</summary>
internal sealed class TlsMetrics
{
    private readonly Counter<long> _sessions;

    public TlsMetrics(IMeterFactory meters) => _sessions = meters.Create(DeliveryMetrics.MeterName).CreateCounter<long>(
        "webcluster.delivery.tls", description: "Connections secured or refused, by policy and result (RFC 8460).");

    public void Ended(TlsSession session) => _sessions.Add(
        1, new("policy", PolicyOf(session.Decision)), new KeyValuePair<string, object?>("result", TlsResultText.Of(session.Result)));

    private static string PolicyOf(TlsDecision decision) => decision.Rule switch
    {
        TlsRule.None => "none",
        _ when decision.Sts is { Mode: StsMode.Testing } => "sts_testing",
        TlsRule.Opportunistic => "opportunistic",
        TlsRule.Required => "required",
        TlsRule.Verified => "verified",
        TlsRule.Sts => "sts",
        TlsRule.Dane => "dane",
        _ => throw new UnreachableException(),
    };
}
