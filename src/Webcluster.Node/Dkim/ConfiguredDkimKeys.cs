using Webcluster.Protocol.Dkim;

namespace Webcluster.Node.Dkim;

/// <summary>The configured keys, loaded once at the start.</summary>
internal sealed class ConfiguredDkimKeys : IDkimKeySource, IDisposable
{
    /// <exception cref="IOException">A file cannot be used any more; the configuration was checked before.</exception>
    public ConfiguredDkimKeys(IEnumerable<DkimKeyOptions> options)
    {
        All = [.. options.Select(key => DkimKeyFiles.Load(key, out var problem) ?? throw new IOException($"{key.File}: {problem}"))];
        Current = new DkimKeyRing(All);
    }

    public IReadOnlyList<DkimKey> All { get; }

    public DkimKeyRing Current { get; }

    public void Dispose()
    {
        foreach (var key in All) key.Dispose();
    }
}
