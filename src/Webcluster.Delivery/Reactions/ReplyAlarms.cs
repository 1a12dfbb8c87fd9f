using System.Collections.Concurrent;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Reactions;

/// <summary>
/// Tells people of refusals that only people can set right, such as a broken DKIM record: counts each, and writes one line for a class and
/// a provider in a while, however many there are. Providers that nothing names share theirs.
/// </summary>
internal sealed class ReplyAlarms(ReactionOptions options, DeliveryMetrics metrics, DeliveryLog log, TimeProvider time)
{
    private readonly ConcurrentDictionary<(BounceClass Class, string Provider), Told> _told = new();

    public void See(LaneKey lane, string source, ReplyClassification meaning, SmtpReply reply)
    {
        if (!meaning.Alarms()) return;
        metrics.Alarm(meaning.Class);
        var told = _told.GetOrAdd((meaning.Class, metrics.NameOf(lane)), static _ => new Told());
        if (told.Count(time.GetUtcNow(), options.AlarmEvery) is { } count) log.Alarm(meaning.Class.Text(), lane, source, count, reply);
    }

    private sealed class Told
    {
        private readonly Lock _lock = new();
        private DateTimeOffset _last;
        private long _since;

        /// <returns>How many there were since the last line, this one included; null: it is not time for another.</returns>
        public long? Count(DateTimeOffset now, TimeSpan every)
        {
            lock (_lock)
            {
                _since++;
                if (now - _last < every) return null;
                var count = _since;
                (_last, _since) = (now, 0);
                return count;
            }
        }
    }
}
