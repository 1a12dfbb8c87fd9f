using Microsoft.Extensions.Logging;
using Webcluster.Delivery.TransportSecurity.MtaSts;
using Webcluster.Delivery.TransportSecurity.TlsReporting;

namespace Webcluster.Delivery.TransportSecurity;

/// <summary>
/// Tells metrics, log and reports how connections were secured. A domain that only tests its policy has its mail delivered, so the log is
/// the only place where its failures show.
/// </summary>
/// <param name="ledger">Null: no reports are sent.</param>
internal sealed partial class TlsSessions(TlsMetrics metrics, TlsLedger? ledger, ILogger<TlsSessions> log) : ITlsSessions
{
    public void Ended(TlsSession session)
    {
        var judged = session with { Result = Judge(session) };
        metrics.Ended(judged);
        ledger?.Add(judged);
        if (judged.Result == TlsResult.Success) return;
        if (judged.Host.Length == 0) NoPolicy(judged.Domain, TlsResultText.Of(judged.Result));
        else if (judged.Decision.Sts is { Mode: StsMode.Testing }) TestFailed(judged.Domain, judged.Host, TlsResultText.Of(judged.Result));
    }

    // Where no rule asks for a certificate, any will do; where a policy is being tested, it is judged as if it were in force.
    private static TlsResult Judge(TlsSession session) => session.Decision switch
    {
        { Sts: { Mode: StsMode.Testing } tested } when session.Result == TlsResult.Success && !tested.Allows(session.Host) =>
            TlsResult.ValidationFailure,
        { Rule: TlsRule.Opportunistic or TlsRule.Required, Sts: null } when IsOfCertificate(session.Result) => TlsResult.Success,
        _ => session.Result,
    };

    private static bool IsOfCertificate(TlsResult result) =>
        result is TlsResult.CertificateExpired or TlsResult.CertificateHostMismatch or TlsResult.CertificateNotTrusted;

    [LoggerMessage(3051, LogLevel.Warning, "the MTA-STS policy of {Domain} cannot be had: {Result}; the one known before, if any, holds")]
    private partial void NoPolicy(string domain, string result);

    [LoggerMessage(3052, LogLevel.Information,
        "{Host} does not fit the MTA-STS policy that {Domain} is testing: {Result}; mail is delivered all the same")]
    private partial void TestFailed(string domain, string host, string result);
}
