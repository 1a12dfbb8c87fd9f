using Microsoft.AspNetCore.Connections;
using Webcluster.Node.Configuration;
using Webcluster.Node.EventFiles;
using Webcluster.Node.Http;
using Webcluster.Node.Lifecycle;
using Webcluster.Node.Metrics;
using Webcluster.Node.Webhooks;

namespace Webcluster.Node.Hosting;

/// <summary>
/// One node, from its parts. Services start in the order in which they are added and stop in the other: listeners first, so that nothing
/// new comes in; then delivery, which finishes what is past DATA and gives the rest back; then the simulator; then event files, which
/// have been told by all of these; last the queue.
/// </summary>
internal sealed partial class NodeHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly LoadedConfiguration _loaded;
    private readonly ILogger<NodeHost> _log;

    private NodeHost(WebApplication app, LoadedConfiguration loaded)
    {
        _app = app;
        _loaded = loaded;
        _log = app.Services.GetRequiredService<ILogger<NodeHost>>();
    }

    /// <param name="loaded">Without problems.</param>
    public static NodeHost Build(LoadedConfiguration loaded)
    {
        var options = loaded.Options;
        // Empty: no settings files, no variables but our own, no addresses but the configured ones.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.AddConsoleLog(options.Log);
        builder.Services.AddNode(options);
        builder.Services.AddQueue(options);
        builder.Services.AddEventFiles(options.EventFiles, options.Node.Name, options.Sources);
        builder.Services.AddSuppression(options.Suppression);
        builder.Services.AddWebhooks(options.Webhooks);
        builder.Services.AddSimulator(options.Simulator);
        builder.Services.AddDelivery(options);
        builder.Services.AddSubmission(options);
        builder.Services.AddWayBack(options);
        builder.WebHost.ListenForClients(options);
        // Of several, the last is asked first: it stands on what the line above has set.
        builder.Services.AddSingleton<IConnectionListenerFactory, ListeningTransport>();
        var app = builder.Build();
        // Listens from here on, so before anything can be measured.
        app.Services.GetRequiredService<MetricsCollector>();
        app.Services.GetRequiredService<NodeMetrics>();
        app.MapAdmin();
        return new NodeHost(app, loaded);
    }

    internal IServiceProvider Services => _app.Services;

    /// <summary>When it returns, every listener is bound, the node is ready, and delivers; before that nothing is claimed.</summary>
    /// <exception cref="IOException">An address is in use, or cannot be listened on.</exception>
    /// <exception cref="Queue.QueueStoreException">The queue cannot be opened.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await _app.Services.GetRequiredService<QueueOpener>().OpenAsync(cancellation);
        await _app.StartAsync(cancellation);
        _app.Services.GetRequiredService<NodeDrain>().Started();
        var options = _loaded.Options;
        var submission = string.Join(", ", options.Submission.Listeners.Select(listener => listener.Address));
        LogReady(ProductVersion.Text, submission, options.Http.Listen, _loaded.Source);
    }

    /// <summary>Waits for SIGTERM, SIGINT or the cancellation, and stops within the configured time.</summary>
    /// <returns>False where a loop of this program died and took the node with it.</returns>
    public async Task<bool> RunToEndAsync(CancellationToken cancellation)
    {
        await _app.WaitForShutdownAsync(cancellation);
        LogStopped();
        return EndedWell(_app.Services.GetServices<IHostedService>());
    }

    internal static bool EndedWell(IEnumerable<IHostedService> services) =>
        services.OfType<BackgroundService>().All(loop => loop.ExecuteTask is not { IsFaulted: true });

    /// <summary>Stops it first where it still runs, or did start in part.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_app.Lifetime.ApplicationStopped.IsCancellationRequested) await _app.StopAsync();
        await _app.DisposeAsync();
    }

    [LoggerMessage(4201, LogLevel.Information,
        "webcluster {Version} is ready: submission {Submission}, http {Http}; configuration: {Source}")]
    private partial void LogReady(string version, string submission, string http, string source);

    [LoggerMessage(4202, LogLevel.Information, "webcluster is stopped")]
    private partial void LogStopped();
}
