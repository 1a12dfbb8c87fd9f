using Webcluster.Protocol.Dns;

namespace Webcluster.TestKit.Dns;

/// <summary>A table of records, and what a recursive server would answer from it. Names are written without a final dot.</summary>
internal sealed class Zone
{
    private readonly Lock _lock = new();
    private readonly List<ZoneRecord> _records = [];

    public void Add(ZoneRecord record)
    {
        lock (_lock) _records.Add(record);
    }

    public void Clear()
    {
        lock (_lock) _records.Clear();
    }

    public ZoneReply Answer(ZoneQuery query, bool aliasOnly)
    {
        lock (_lock)
        {
            var answers = new List<ZoneRecord>();
            var name = query.Name;
            while (Find(name, query.Type).Count == 0 && answers.Count < 20 && Find(name, DnsType.Cname) is [var alias, ..])
            {
                answers.Add(alias);
                if (aliasOnly) return Reply(query, DnsResponseCode.NoError, answers, []);
                name = alias.Value;
            }
            var found = Find(name, query.Type);
            if (found.Count > 0 || answers.Count == 20) return Reply(query, DnsResponseCode.NoError, [.. answers, .. found], []);
            var exists = _records.Exists(r => r.Name == name || r.Name.EndsWith("." + name, StringComparison.Ordinal));
            return Reply(query, exists ? DnsResponseCode.NoError : DnsResponseCode.NameError, answers, AuthorityOf(name));
        }
    }

    private static ZoneReply Reply(ZoneQuery query, DnsResponseCode code, List<ZoneRecord> answers, List<ZoneRecord> authorities) =>
        new(query.Id, new DnsQuestion(query.Name, query.Type), code, answers, authorities);

    private List<ZoneRecord> Find(string name, DnsType type) => _records.FindAll(r => r.Name == name && r.Type == type);

    private List<ZoneRecord> AuthorityOf(string name) =>
        [.. _records.Where(r =>
            r.Type == DnsType.Soa && (name == r.Name || name.EndsWith("." + r.Name, StringComparison.Ordinal))).Take(1)];
}
