using System.Diagnostics.CodeAnalysis;
using Webcluster.Protocol.Dns;

namespace Webcluster.Delivery.Dns;

/// <summary>
/// Answers of every status until their TTL is over. Bounded: the answers longest unused go first. An answer counts one entry a KiB of text
/// begun, so that huge TXT records do not fill the memory. Time is monotonic. Thread-safe.
/// </summary>
internal sealed class DnsCache(int entries, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DnsQuestion, LinkedListNode<Entry>> _byQuestion = [];
    private readonly LinkedList<Entry> _byUse = [];
    private int _weight;

    public bool TryGet(DnsQuestion question, [NotNullWhen(true)] out DnsAnswer<DnsRecord>? answer)
    {
        answer = null;
        lock (_lock)
        {
            if (!_byQuestion.TryGetValue(question, out var node)) return false;
            var left = node.Value.Answer.Ttl - time.GetElapsedTime(node.Value.Since);
            if (left <= TimeSpan.Zero)
            {
                Remove(node);
                return false;
            }
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            answer = node.Value.Answer with { Ttl = left };
            return true;
        }
    }

    public void Put(DnsQuestion question, DnsAnswer<DnsRecord> answer)
    {
        if (answer.Ttl <= TimeSpan.Zero) return;
        var entry = new Entry(question, answer, time.GetTimestamp(), WeightOf(answer));
        lock (_lock)
        {
            if (_byQuestion.TryGetValue(question, out var old)) Remove(old);
            _byQuestion.Add(question, _byUse.AddFirst(entry));
            _weight += entry.Weight;
            while (_weight > entries) Remove(_byUse.Last!);
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byQuestion.Remove(node.Value.Question);
        _byUse.Remove(node);
        _weight -= node.Value.Weight;
    }

    private static int WeightOf(DnsAnswer<DnsRecord> answer)
    {
        var octets = 0;
        foreach (var record in answer.Records)
            octets += record switch
            {
                DnsRecord.Text text => text.Value.Length,
                DnsRecord.Tlsa tlsa => tlsa.Association.Data.Length,
                _ => 32,
            };
        return 1 + octets / 1024;
    }

    private sealed record Entry(DnsQuestion Question, DnsAnswer<DnsRecord> Answer, long Since, int Weight);
}
