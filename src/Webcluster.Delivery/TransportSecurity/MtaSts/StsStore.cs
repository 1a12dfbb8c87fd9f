using System.Collections.Concurrent;
using System.Text.Json;

namespace Webcluster.Delivery.TransportSecurity.MtaSts;

/// <summary>
/// The policies that are known, kept in a file so that a restart forgets none: without that, whoever can block the fetch could have mail
/// sent unprotected after each start. Bounded: the policies that end first go first. Thread-safe.
/// </summary>
/// <param name="file">Null: kept in memory only.</param>
internal sealed class StsStore(string? file, TimeProvider time)
{
    public const int Most = 20_000;

    private const int MostOctets = 64 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, CachedSts> _policies = new(StringComparer.Ordinal);
    private int _changed;

    /// <summary>Those that have not ended.</summary>
    public IEnumerable<CachedSts> All => _policies.Values.Where(entry => entry.EndsAt > time.GetUtcNow());

    /// <summary>Null where none is known, or it has ended.</summary>
    public CachedSts? Find(string domain) => _policies.TryGetValue(domain, out var entry) && entry.EndsAt > time.GetUtcNow() ? entry : null;

    public void Put(CachedSts entry)
    {
        if (_policies.Count >= Most) MakeRoom();
        _policies[entry.Domain] = entry;
        Volatile.Write(ref _changed, 1);
    }

    /// <summary>Reads the file; one that is missing or damaged counts as empty.</summary>
    public void Load()
    {
        if (file is null || !File.Exists(file) || new FileInfo(file).Length > MostOctets) return;
        try
        {
            foreach (var entry in JsonSerializer.Deserialize<List<CachedSts>>(File.ReadAllBytes(file)) ?? [])
                if (_policies.Count < Most
                    && entry is { Domain: not null, Id: not null, Policy.Mx: not null } && entry.EndsAt > time.GetUtcNow())
                    _policies[entry.Domain] = entry;
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
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var temporary = $"{file}.new";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(All.ToList()));
        File.Move(temporary, file, overwrite: true);
    }

    private void MakeRoom()
    {
        foreach (var entry in _policies.Values.OrderBy(entry => entry.EndsAt).Take(Most / 10)) _policies.TryRemove(entry.Domain, out _);
    }
}
