using System.Collections.Concurrent;
using System.Text.Json;

namespace Webcluster.Delivery.TransportSecurity.MtaSts;

/// <summary>
/// The policies that are known, kept in a file so that a restart forgets none: without that, whoever can block the fetch could have mail
/// sent unprotected after each start. Bounded in number, where those that end first go first, and in octets, where the largest do: nobody's
/// many words push out the policies of others. Thread-safe.
/// </summary>
/// <param name="file">Null: kept in memory only.</param>
internal sealed class StsStore(string? file, TimeProvider time)
{
    public const int Most = 20_000;

    /// <summary>Of all their texts; with what JSON adds, less than a file may have.</summary>
    public const long MostOctets = 16 * 1024 * 1024;

    private const long MostOctetsOfFile = 4 * MostOctets;

    private readonly ConcurrentDictionary<string, CachedSts> _policies = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();
    private long _octets;
    private int _changed;

    /// <summary>Those that have not ended.</summary>
    public IEnumerable<CachedSts> All => _policies.Values.Where(entry => entry.EndsAt > time.GetUtcNow());

    /// <summary>Null where none is known, or it has ended.</summary>
    public CachedSts? Find(string domain) => _policies.TryGetValue(domain, out var entry) && entry.EndsAt > time.GetUtcNow() ? entry : null;

    public void Put(CachedSts entry)
    {
        lock (_writing)
        {
            if (_policies.TryGetValue(entry.Domain, out var former)) _octets -= OctetsOf(former);
            _octets += OctetsOf(entry);
            _policies[entry.Domain] = entry;
            if (_policies.Count > Most) LetGo(_policies.Values.OrderBy(each => each.EndsAt).Take(Most / 10));
            if (_octets > MostOctets) LetGo(_policies.Values.OrderByDescending(OctetsOf).TakeWhile(_ => _octets > MostOctets * 9 / 10));
        }

        Volatile.Write(ref _changed, 1);
    }

    /// <summary>Reads the file; one that is missing or damaged counts as empty.</summary>
    /// <exception cref="IOException">It cannot be read, or is larger than any that was written here.</exception>
    public void Load()
    {
        if (file is null || !File.Exists(file)) return;
        if (new FileInfo(file).Length > MostOctetsOfFile) throw new IOException($"{file} is larger than {MostOctetsOfFile} octets");
        try
        {
            foreach (var entry in JsonSerializer.Deserialize<List<CachedSts>>(File.ReadAllBytes(file)) ?? [])
                if (entry is { Domain: not null, Id: not null, Policy.Mx: not null } && entry.EndsAt > time.GetUtcNow())
                    Put(entry);
        }
        catch (JsonException)
        {
            // What cannot be read is fetched again.
        }
    }

    /// <summary>Writes the file where anything changed since; whole or not at all.</summary>
    public void Save()
    {
        if (file is null || Interlocked.Exchange(ref _changed, 0) == 0) return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var temporary = $"{file}.new";
            File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(All.ToList()));
            File.Move(temporary, file, overwrite: true);
        }
        catch
        {
            // The next time has it all to write.
            Volatile.Write(ref _changed, 1);
            throw;
        }
    }

    private void LetGo(IEnumerable<CachedSts> entries)
    {
        foreach (var entry in entries)
            if (_policies.TryRemove(entry.Domain, out _))
                _octets -= OctetsOf(entry);
    }

    private static long OctetsOf(CachedSts entry) => entry.Domain.Length + entry.Id.Length + entry.Policy.Mx.Sum(mx => (long)mx.Length);
}
