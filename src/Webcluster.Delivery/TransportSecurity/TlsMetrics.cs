using System.Diagnostics;
using System.Diagnostics.Metrics;
using Webcluster.Delivery.TransportSecurity.MtaSts;
using Webcluster.Delivery.TransportSecurity.TlsReporting;

namespace Webcluster.Delivery.TransportSecurity;

/// <summary>Counts how connections were secured, by the rule that decided and what came of it.</summary>
internal sealed class TlsMetrics
{
    private readonly Counter<long> _sessions;
    private readonly Counter<long> _handshakes;

    public TlsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(DeliveryMetrics.MeterName);
        _sessions = meter.CreateCounter<long>(
            "webcluster.delivery.tls", description: "Connections secured or refused, by policy and result (RFC 8460).");
        _handshakes = meter.CreateCounter<long>(
            "webcluster.delivery.tls_handshakes", description: "Handshakes completed, by whether they resumed an earlier session.");
    }

    public void Ended(TlsSession session)
    {
        _sessions.Add(
            1, new("policy", PolicyOf(session.Decision)), new KeyValuePair<string, object?>("result", TlsResultText.Of(session.Result)));
        if (session.IsResumed is { } isResumed)
            _handshakes.Add(1, new KeyValuePair<string, object?>("resumed", isResumed ? "yes" : "no"));
    }

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
