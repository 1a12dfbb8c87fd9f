namespace Webcluster.Protocol.Dns;

/// <summary>What a response says.</summary>
/// <param name="Truncated">TC: the answer did not fit; no record of it was read.</param>
/// <param name="AuthenticData">AD: the server claims to have validated it. Worth what the path to the server is worth.</param>
/// <param name="Question">Null where the response repeats none, as some servers do when they refuse.</param>
/// <param name="Authority">The SOA of the authority section, null where there is none.</param>
/// <param name="IsDelegation">The authority section names servers and no SOA: "ask those", or whose the answer is. Not a word on what does
/// not exist.</param>
public sealed record DnsMessage(
    ushort Id, bool Truncated, bool AuthenticData, DnsResponseCode Code, DnsQuestion? Question,
    IReadOnlyList<DnsRecord> Answers, DnsRecord.Authority? Authority, bool IsDelegation)
{
    /// <summary>Does this answer that query? Only a refusal of the format may leave the question out.</summary>
    // rfc5452#9.1
    public bool IsReplyTo(ushort id, DnsQuestion question) =>
        Id == id && (Question is { } repeated
            ? repeated == question
            : Code is DnsResponseCode.FormatError or DnsResponseCode.NotImplemented);

    /// <summary>
    /// Follows the aliases in the answer section from the question's name to the records asked for. Records of other names are
    /// not looked at, wherever they come from.
    /// </summary>
    public DnsChain Follow(DnsQuestion question, int mostAliases)
    {
        var name = question.Name;
        var ttl = TimeSpan.MaxValue;
        for (var aliases = 0; ; aliases++)
        {
            var records = Answers.Where(r => r.Type == question.Type && r.Name == name).ToList();
            var alias = records.Count > 0 ? null : Answers.OfType<DnsRecord.Alias>().FirstOrDefault(r => r.Name == name);
            if (alias is null || aliases == mostAliases)
            {
                foreach (var record in records) ttl = Shorter(ttl, record.Ttl);
                return new DnsChain(name, aliases, ttl, IsTooLong: alias is not null, records);
            }
            ttl = Shorter(ttl, alias.Ttl);
            name = alias.Target;
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

/// <summary>Where the aliases of an answer lead.</summary>
/// <param name="Name">The last name: that of the records, or the one to ask for next.</param>
/// <param name="Ttl">The shortest of aliases and records; <see cref="TimeSpan.MaxValue"/> where there are none.</param>
/// <param name="IsTooLong">There were more aliases than allowed, or they run in a circle.</param>
public sealed record DnsChain(string Name, int Aliases, TimeSpan Ttl, bool IsTooLong, IReadOnlyList<DnsRecord> Records);
