using Webcluster.Delivery.Sources;
using Webcluster.Node.EventFiles.Formats;
using Webcluster.Node.EventFiles.Writing;
using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles;

internal static class EventFileServices
{
    /// <summary>
    /// Adds the files and what writes them. To be added before what makes events: services stop in the other order, and the last events are
    /// written, too.
    /// </summary>
    /// <param name="options">Without problems.</param>
    /// <param name="node">The node's name.</param>
    public static void AddEventFiles(
        this IServiceCollection services, IReadOnlyList<EventFileOptions> options, string node, IReadOnlyList<SourceOptions> sources)
    {
        if (options.Count == 0) return;
        var origin = new EventOrigin(node, SourceAddresses.Of(sources));
        services.AddSingleton<EventFileMetrics>();
        services.AddSingleton<EventFileLog>();
        services.AddSingleton(provider => new EventFileListener(
        [
            .. options.Select(each => each.ToFile()).Select(file => new EventFileWriter(
                file, EventFormats.Create(file.Format, origin), provider.GetRequiredService<EventFileLog>(),
                provider.GetRequiredService<TimeProvider>())),
        ]));
        services.AddSingleton<IEventListener>(provider => provider.GetRequiredService<EventFileListener>());
        services.AddHostedService<EventFilePump>();
    }
}
