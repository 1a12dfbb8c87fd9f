using Microsoft.Extensions.Logging;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Traffic;
using Webcluster.Delivery.Wire;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Suppression;
using Webcluster.Queue.Traffic;

namespace Webcluster.Delivery;

/// <summary>What delivery tells people: one line for each recipient and attempt; what goes on at once was none. Never content.</summary>
internal sealed partial class DeliveryLog(ILogger<DeliveryLog> log)
{
    public void Outcome(AttemptOutcome outcome, AttemptContext context)
    {
        if (!log.IsEnabled(LogLevel.Information)) return;
        var id = outcome.Delivery.Id.Message;
        var host = context.Session?.Peer.ToString() ?? context.Host ?? "-";
        var tls = context.Session?.Peer.Tls is null ? "plain" : "tls";
        var took = context.Took.TotalMilliseconds;
        foreach (var (recipient, verdict) in outcome.Each())
        {
            var to = recipient.Address.ToString();
            switch (verdict)
            {
                case Verdict.Delivered delivered:
                    Delivered(id, to, host, tls, delivered.Reply.ToString(), took);
                    break;
                case Verdict.Failed { Suppressed: { } reason }:
                    Suppressed(id, to, outcome.Delivery.Envelope.Tenant, SuppressionReasons.Label(reason));
                    break;
                case Verdict.Failed failed:
                    Bounced(id, to, host, failed.Reply?.ToString() ?? $"{failed.Status} {failed.Explanation}", took);
                    break;
                case Verdict.Deferred { MaybeSent: true } deferred:
                    PossibleDuplicate(id, to, host, deferred.Explanation, took);
                    break;
                case Verdict.Deferred { IsDelay: true } deferred:
                    Deferred(id, to, host, deferred.Explanation, took);
                    break;
            }
        }
    }

    [LoggerMessage(3010, LogLevel.Information, "delivered {Id} to <{Recipient}> via {Host} ({Tls}): {Reply} in {Took:F0} ms")]
    private partial void Delivered(MessageId id, string recipient, string host, string tls, string reply, double took);

    [LoggerMessage(3011, LogLevel.Information, "bounced {Id} to <{Recipient}> via {Host}: {Reply} in {Took:F0} ms")]
    private partial void Bounced(MessageId id, string recipient, string host, string reply, double took);

    [LoggerMessage(3020, LogLevel.Information, "suppressed {Id} to <{Recipient}> of tenant {Tenant}: {Reason}; not attempted")]
    private partial void Suppressed(MessageId id, string recipient, string tenant, string reason);

    [LoggerMessage(3012, LogLevel.Information, "deferred {Id} to <{Recipient}> via {Host}: {Reason} in {Took:F0} ms")]
    private partial void Deferred(MessageId id, string recipient, string host, string reason, double took);

    [LoggerMessage(3013, LogLevel.Warning,
        "possible duplicate {Id} to <{Recipient}> via {Host}: {Reason} after {Took:F0} ms; it will be tried again")]
    private partial void PossibleDuplicate(MessageId id, string recipient, string host, string reason, double took);

    public void TakenOver(ClaimedDelivery delivery)
    {
        foreach (var recipient in delivery.Recipients) TakenOver(delivery.Id.Message, recipient.Address.ToString());
    }

    [LoggerMessage(3018, LogLevel.Warning,
        "possible duplicate {Id} to <{Recipient}>: a node that died may have sent it; it is tried again")]
    private partial void TakenOver(MessageId id, string recipient);

    [LoggerMessage(3014, LogLevel.Warning, "late outcome for {Delivery}: {Verdict}")]
    public partial void Late(DeliveryId delivery, SettleVerdict verdict);

    [LoggerMessage(3015, LogLevel.Information, "rerouted {Delivery} from {From} to {To}")]
    public partial void Rerouted(DeliveryId delivery, LaneKey from, LaneKey to);

    public void Adjusted(LaneKey lane, string source, Adjustment adjustment, Cause cause) =>
        AdjustedBy(lane.Provider, NameOf(source), adjustment, cause.By, cause.Reply);

    [LoggerMessage(3019, LogLevel.Warning, "less for {Provider} from source {Source}: {Adjustment}, because of {Cause}: {Reply}")]
    private partial void AdjustedBy(string provider, string source, Adjustment adjustment, string cause, SmtpReply reply);

    /// <param name="count">How many there were since the last such line.</param>
    public void Alarm(string bounceClass, LaneKey lane, string source, long count, SmtpReply reply) =>
        AlarmAt(bounceClass, lane.Provider, NameOf(source), count, reply);

    [LoggerMessage(3023, LogLevel.Warning, "alarm {Class} at {Provider} from source {Source}, {Count} since the last such line: {Reply}")]
    private partial void AlarmAt(string @class, string provider, string source, long count, SmtpReply reply);

    /// <param name="window">Sessions that the lane may have now.</param>
    /// <param name="pause">How long it is left alone; zero: not at all.</param>
    public void SiteTrouble(LaneKey lane, string host, Trouble trouble, int window, TimeSpan pause)
    {
        if (pause > TimeSpan.Zero) SitePaused(lane, host, trouble.Describe(), pause.TotalSeconds);
        else SiteSlow(lane, host, trouble.Describe(), window);
    }

    [LoggerMessage(3016, LogLevel.Information, "no connection for {Lane} via {Host}: {Reason}; left alone for {Pause:F0} s")]
    private partial void SitePaused(LaneKey lane, string host, string reason, double pause);

    [LoggerMessage(3021, LogLevel.Information, "no connection for {Lane} via {Host}: {Reason}; at most {Window} at a time for now")]
    private partial void SiteSlow(LaneKey lane, string host, string reason, int window);

    [LoggerMessage(3025, LogLevel.Information,
        "{Host} ended the connection over {Named} recipients of one transaction: {Lane} gets {Most} in one for {Minutes:F0} minutes")]
    public partial void TookOnly(LaneKey lane, string host, int named, int most, double minutes);

    [LoggerMessage(3022, LogLevel.Warning,
        "the suppression list is not available: what became of {Count} recipients changed nothing in it")]
    public partial void NotSuppressed(int count);

    [LoggerMessage(3026, LogLevel.Error,
        "what became of {Count} recipients changed nothing in the suppression list, by a fault of this program")]
    public partial void SuppressingFailed(Exception fault, int count);

    [LoggerMessage(3024, LogLevel.Information,
        "suppressed <{Recipient}> of tenant {Tenant} from now on: its mail fails again and again, now {Class}")]
    public partial void SuppressedRepeatedly(string recipient, string tenant, string @class);

    [LoggerMessage(3017, LogLevel.Error, "a session of {Lane} ended by a fault of this program; its mail waits again")]
    public partial void SessionFault(Exception fault, LaneKey lane);

    private static string NameOf(string source) => source.Length == 0 ? "system" : source;
}
