using System.Text.Json;
using Webcluster.Protocol.Dns;

namespace Webcluster.Delivery.TransportSecurity.TlsReporting;

/// <summary>
/// Counts by domain and day until the report of the day is sent; kept in a file so that a restart loses at most a minute. Bounded: what
/// would not fit is not counted. Thread-safe.
/// </summary>
/// <param name="file">Null: kept in memory only.</param>
internal sealed class TlsLedger(string? file, TimeProvider time)
{
    public const int MostDomains = 20_000;

    private const int MostPolicies = 10;
    private const int MostFailures = 50;
    private const int MostOctets = 256 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<(DateOnly Day, string Domain), DomainTally> _tallies = [];
    private bool _changed;

    public void Add(TlsSession session)
    {
        if (session.Domain.Length == 0) return;
        var key = (DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), session.Domain);
        lock (_lock)
        {
            if (!_tallies.TryGetValue(key, out var domain))
            {
                if (_tallies.Count >= MostDomains) return;
                _tallies[key] = domain = new DomainTally(key.Item1, session.Domain);
            }

            _changed = true;
            if (PolicyOf(domain, session.Decision) is { } policy) Count(policy, session);
        }
    }

    /// <summary>The tallies of the days before this one.</summary>
    public IReadOnlyList<DomainTally> Before(DateOnly day)
    {
        lock (_lock) return [.. _tallies.Values.Where(tally => tally.Day < day)];
    }

    public void Remove(DomainTally tally)
    {
        lock (_lock) _changed |= _tallies.Remove((tally.Day, tally.Domain));
    }

    /// <summary>Reads the file; one that is missing or damaged counts as empty.</summary>
    public void Load()
    {
        if (file is null || !File.Exists(file) || new FileInfo(file).Length > MostOctets) return;
        try
        {
            var stored = JsonSerializer.Deserialize<List<DomainTally>>(File.ReadAllBytes(file)) ?? [];
            lock (_lock)
                foreach (var tally in stored)
                    if (tally is { Domain: not null, Policies: not null } && _tallies.Count < MostDomains)
                        _tallies.TryAdd((tally.Day, tally.Domain), tally);
        }
        catch (JsonException)
        {
            // Counts that cannot be read are lost: a report less.
        }
    }

    /// <summary>Writes the file where anything changed since; whole or not at all.</summary>
    public void Save()
    {
        if (file is null) return;
        byte[] octets;
        lock (_lock)
        {
            if (!_changed) return;
            _changed = false;
            octets = JsonSerializer.SerializeToUtf8Bytes(_tallies.Values);
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var temporary = $"{file}.new";
            File.WriteAllBytes(temporary, octets);
            File.Move(temporary, file, overwrite: true);
        }
        catch
        {
            // The next time has it all to write.
            lock (_lock) _changed = true;
            throw;
        }
    }

    private static PolicyTally? PolicyOf(DomainTally domain, TlsDecision decision)
    {
        var type = decision switch
        {
            { Rule: TlsRule.Dane } => "tlsa",
            { Rule: TlsRule.Sts } or { Sts: not null } => "sts",
            _ => "no-policy-found",
        };
        string[] text = type switch
        {
            "tlsa" => [.. decision.Tlsa.Select(Line)],
            _ => [.. decision.Sts?.Lines() ?? []],
        };
        if (domain.Policies.Find(policy => policy.Is(type, text)) is { } known) return known;
        if (domain.Policies.Count >= MostPolicies) return null;
        var added = new PolicyTally(type, text, decision.Sts?.Mx ?? []);
        domain.Policies.Add(added);
        return added;
    }

    private static string Line(TlsaRecord record) =>
        $"{record.Usage} {record.Selector} {record.MatchingType} {Convert.ToHexStringLower(record.Data.Span)}";

    private static void Count(PolicyTally policy, TlsSession session)
    {
        if (session.Result == TlsResult.Success)
        {
            policy.Successes++;
            return;
        }

        var failure = new FailureTally(
            TlsResultText.Of(session.Result), session.From?.ToString(), session.Host.Length > 0 ? session.Host : null,
            session.Address?.ToString());
        var known = policy.Failures.Find(failure.Is);
        if (known is null && policy.Failures.Count < MostFailures) policy.Failures.Add(known = failure);
        if (known is not null) known.Count++;
    }
}
