using Webcluster.Delivery.Sources;

namespace Webcluster.Delivery.Availability;

/// <summary>Tells operators what the <see cref="SourceBook"/> knows.</summary>
internal sealed class SourceReport(SourceBook book, SourceWatch watch) : ISources
{
    public IReadOnlyList<SourceStatus> Sources() => [.. book.All.Select(Status)];

    public IReadOnlyList<PoolStatus> Pools() =>
    [
        .. book.Pools.Select(pool => new PoolStatus(
            pool.Name, [.. pool.Sources.Select(entry => new PoolSourceStatus(entry.Source.Label, entry.Weight))], pool.Fallback,
            [.. book.UsableOf(pool.Name).Select(entry => entry.Source.Label)])),
    ];

    public Task CheckAsync(CancellationToken cancellation) => watch.ProbeAsync(cancellation);

    private SourceStatus Status(Source source)
    {
        var trouble = book.TroubleOf(source);
        return new SourceStatus(
            source.Label, source.Address?.ToString(), source.Address6?.ToString(), source.Ehlo, source.Proxy?.ToString(), trouble is null,
            trouble?.Reason, trouble?.Since);
    }
}
