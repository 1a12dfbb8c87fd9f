using System.Diagnostics;
using System.Diagnostics.Metrics;
using Webcluster.Protocol.ProxyProtocol;
using Webcluster.Queue.Suppression;
using Webcluster.Submission.Acceptance;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Content;
using Webcluster.Submission.Listeners;
using Webcluster.Submission.Replies;
using Webcluster.Submission.Sessions;
using Webcluster.Submission.Tls;

namespace Webcluster.Submission;

/// <summary>
/// The instruments of submission (meter "Webcluster.Submission"). Label values come from closed sets and from the configured listeners.
/// </summary>
internal sealed class SubmissionMetrics
{
    public const string MeterName = "Webcluster.Submission";

    private readonly UpDownCounter<long> _open;
    private readonly Counter<long> _connections;
    private readonly Counter<long> _proxyHeaders;
    private readonly Counter<long> _auths;
    private readonly Counter<long> _suppressed;
    private readonly Counter<long> _messages;
    private readonly Histogram<double> _transactions;

    public SubmissionMetrics(IMeterFactory meters, ContentBudget budget)
    {
        var meter = meters.Create(MeterName);
        _open = meter.CreateUpDownCounter<long>("webcluster.smtpd.connections", description: "Connections open now");
        _connections = meter.CreateCounter<long>("webcluster.smtpd.connections.total", description: "Connections ended, by how");
        _proxyHeaders = meter.CreateCounter<long>(
            "webcluster.smtpd.proxy.headers.total", description: "PROXY headers, by what came of them");
        _auths = meter.CreateCounter<long>("webcluster.smtpd.auth.total", description: "Attempts to authenticate");
        _suppressed = meter.CreateCounter<long>(
            "webcluster.smtpd.recipients.suppressed", "{recipient}", "Recipients refused because they are suppressed, by reason");
        _messages = meter.CreateCounter<long>("webcluster.smtpd.messages.total", description: "Messages, by the reply's code");
        _transactions = meter.CreateHistogram<double>(
            "webcluster.smtpd.transaction.duration", "s", "From MAIL to the reply to the content");
        meter.CreateObservableUpDownCounter(
            "webcluster.smtpd.content.inflight", () => budget.InFlight, "By", "Octets of content in memory");
    }

    public void ConnectionBegun(string listener) => _open.Add(1, Label("listener", listener));

    public void ConnectionEnded(string listener, TlsParameters? tls, SessionEnd end)
    {
        _open.Add(-1, Label("listener", listener));
        ConnectionCounted(listener, tls, end);
    }

    /// <summary>A connection that was turned away before it counted as open.</summary>
    public void ConnectionTurned(string listener) => ConnectionCounted(listener, null, SessionEnd.Turned);

    public void ProxyHeaderTaken(string listener, ProxyHeader header) =>
        _proxyHeaders.Add(1, Label("listener", listener), Label("result", header is ProxyHeader.Relayed ? "relayed" : "unnamed"));

    /// <summary>The connection was closed before it counted as open.</summary>
    public void ProxyHeaderRefused(string listener, ProxyRefusal reason)
    {
        _proxyHeaders.Add(1, Label("listener", listener), Label("result", ProxyRefusals.LabelOf(reason)));
        ConnectionTurned(listener);
    }

    public void Authenticated(AuthResult result) => _auths.Add(1, Label("result", result switch
    {
        AuthResult.Accepted => "accepted",
        AuthResult.Rejected => "rejected",
        AuthResult.Overloaded => "overloaded",
        AuthResult.Unknown => "unknown",
        AuthResult.Blocked => "blocked",
        _ => throw new UnreachableException(),
    }));

    public void RecipientSuppressed(SuppressionReason reason) => _suppressed.Add(1, Label("reason", SuppressionReasons.Label(reason)));

    public void MessageEnded(AcceptResult result, TimeSpan duration)
    {
        var (outcome, code) = result switch
        {
            AcceptResult.Queued or AcceptResult.Taken => ("accepted", ServerReplies.CodeText(ServerReply.Ok)),
            AcceptResult.Refused(var reply) => ("refused", ServerReplies.CodeText(reply)),
            _ => throw new UnreachableException(),
        };
        _messages.Add(1, Label("result", outcome), Label("code", code));
        _transactions.Record(duration.TotalSeconds);
    }

    private void ConnectionCounted(string listener, TlsParameters? tls, SessionEnd end) =>
        _connections.Add(1, Label("listener", listener), Label("tls", tls?.Protocol ?? "none"), Label("result", NameOf(end)));

    private static string NameOf(SessionEnd end) => end switch
    {
        SessionEnd.Quit => "quit",
        SessionEnd.Lost => "lost",
        SessionEnd.TimedOut => "timeout",
        SessionEnd.TlsFailed => "tls_failed",
        SessionEnd.Refused => "refused",
        SessionEnd.Drained => "drained",
        SessionEnd.Turned => "turned",
        SessionEnd.Failed => "failed",
        _ => throw new UnreachableException(),
    };

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
