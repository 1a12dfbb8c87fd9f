using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Serilog;
using Webcluster.Delivery;
using Webcluster.Node.Classification;
using Webcluster.Node.Configuration;
using Webcluster.Node.Dkim;
using Webcluster.Node.Http;
using Webcluster.Node.Lifecycle;
using Webcluster.Node.LoadBalancing;
using Webcluster.Node.Logging;
using Webcluster.Node.Metrics;
using Webcluster.Node.Simulator;
using Webcluster.Node.Tls;
using Webcluster.Protocol.Dkim;
using Webcluster.Queue;
using Webcluster.Queue.Events;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Suppression;
using Webcluster.Queue.Traffic;
using Webcluster.Submission;
using Webcluster.Submission.Listeners;
using Webcluster.Submission.Tls;
using Webcluster.Submission.Unsubscribing;
using RouteOptions = Webcluster.Delivery.Routing.RouteOptions;

namespace Webcluster.Node.Hosting;

/// <summary>The parts of a node as services, one method a part.</summary>
internal static class NodeServices
{
    public static void AddConsoleLog(this WebApplicationBuilder builder, LogOptions options) =>
        builder.Logging.AddSerilog(ConsoleLog.Create(options), dispose: true);

    /// <summary>What all parts stand on: time, keys, certificate, metrics, readiness, and how the process ends.</summary>
    public static void AddNode(this IServiceCollection services, NodeOptions options)
    {
        services.AddRouting();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Readiness>();
        services.AddSingleton<NodeHealth>();
        services.AddSingleton<NodeDrain>();
        services.AddSingleton<RequestBound>();
        services.AddSingleton<AgentCheck>();
        services.AddSingleton(_ => AdminToken.LoadOrCreate(options.Admin.TokenFile));
        services.AddSingleton<NodeMetrics>();
        services.AddSingleton<MetricsCollector>();
        services.AddSingleton(_ => new ConfiguredDkimKeys(options.Dkim));
        services.AddSingleton<IDkimKeySource>(provider => provider.GetRequiredService<ConfiguredDkimKeys>());
        services.AddSingleton(options.Tls);
        services.AddSingleton(_ => LoadCertificate(options.Tls));
        services.AddSingleton<ICertificateSource>(provider => provider.GetRequiredService<SwappableCertificate>());
        services.AddHostedService<CertificateRenewal>();
        services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = options.Node.ShutdownTimeout;
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.StopHost;
        });
        services.AddSingleton(options.Node);
        services.AddHostedService<GracefulStop>();
    }

    public static void AddQueue(this IServiceCollection services, NodeOptions options)
    {
        services.AddSingleton<QueueMetrics>();
        services.AddSingleton(options.Queue);
        services.AddSingleton(provider => new QueueOpener(
            options, provider.GetServices<IEventListener>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<QueueMetrics>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => provider.GetRequiredService<QueueOpener>().Queue);
        services.AddSingleton(provider => (IQueueRules)provider.GetRequiredService<IMailQueue>());
        services.AddSingleton(provider => (ITrafficControl)provider.GetRequiredService<IMailQueue>());
        services.AddSingleton(provider => (ISuppressionList)provider.GetRequiredService<IMailQueue>());
        services.AddSingleton(provider => (ISoftFailures)provider.GetRequiredService<IMailQueue>());
        services.AddSingleton(provider => (IEventLog)provider.GetRequiredService<IMailQueue>());
        services.AddSingleton(provider => (IFeedStore)provider.GetRequiredService<IMailQueue>());
    }

    public static void AddSuppression(this IServiceCollection services, SuppressionOptions options)
    {
        var hash = options.HashKeyFile.Length > 0 ? AddressHash.Read(options.HashKeyFile) : null;
        services.AddSingleton(provider => new Suppressions(provider.GetRequiredService<ISuppressionList>(), options, hash));
        services.AddSingleton(provider => new RepeatedSoft(
            provider.GetRequiredService<ISoftFailures>(), provider.GetRequiredService<Suppressions>(), options.RepeatedSoft,
            provider.GetRequiredService<TimeProvider>()));
    }

    public static void AddSimulator(this IServiceCollection services, SimulatorOptions options)
    {
        if (!options.Enabled) return;
        services.AddSingleton(new SimulatorMailbox(options.Keep));
        services.AddSingleton(provider => new SimulatedDkim(
            provider.GetRequiredService<ConfiguredDkimKeys>().All, provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService(provider => new SimulatorServer(
            options, provider.GetRequiredService<SimulatorMailbox>(), provider.GetRequiredService<ICertificateSource>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
    }

    public static void AddDelivery(this IServiceCollection services, NodeOptions options)
    {
        List<RouteOptions> routes = [.. options.Routes, .. SimulatorRoutes.For(options.Simulator)];
        services.AddSingleton(new DeliverySetup(
            options.Node.Name, options.Delivery, options.Dns, routes, options.Submission.MessageLifetime)
        {
            Providers = options.ToProviders(),
            Egress = options.Egress,
            StateFolder = options.Node.StateFolder,
        });
        services.AddClassification(options.Classification);
        services.AddDelivery();
    }

    public static void AddSubmission(this IServiceCollection services, NodeOptions options)
    {
        services.AddSingleton(options.Submission);
        services.AddSubmission();
    }

    /// <summary>Binds what clients and operators connect to.</summary>
    public static void ListenForClients(this ConfigureWebHostBuilder host, NodeOptions options)
    {
        host.UseKestrelCore();
        // Sessions never block their thread, so they may run where their input arrives: two thread changes and one system call less for
        // each command.
        host.UseSockets(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            sockets.WaitForDataBeforeAllocatingBuffer = false;
        });
        host.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenSubmission();
            kestrel.Listen(Endpoints.Parse(options.Http.Listen), listen => listen.UseEndBehindOctets());
            if (options.Unsubscribe.Listen.Length > 0) kestrel.ListenUnsubscribe(options.Unsubscribe);
            if (options.AgentCheck.Listen.Length > 0) kestrel.ListenAgentCheck(Endpoints.Parse(options.AgentCheck.Listen));
        });
    }

    private static void ListenUnsubscribe(this KestrelServerOptions kestrel, UnsubscribeOptions options)
    {
        var services = kestrel.ApplicationServices;
        kestrel.ListenPublic(
            Endpoints.Parse(options.Listen), options.Tls ? services.GetRequiredService<ICertificateSource>() : null,
            new OpenConnections(options.Connections, options.ConnectionsPerAddress), services.GetRequiredService<WayBackMetrics>());
    }

    private static void ListenAgentCheck(this KestrelServerOptions kestrel, IPEndPoint endpoint)
    {
        var services = kestrel.ApplicationServices;
        kestrel.Listen(endpoint, listen => listen.Run(connection => services.GetRequiredService<AgentCheck>().AnswerAsync(connection)));
    }

    private static SwappableCertificate LoadCertificate(TlsOptions options)
    {
        var certificate = new SwappableCertificate();
        if (options.Certificate.Length > 0 && !ServerCertificate.TryLoad(options, certificate, out var problem))
            throw new IOException($"{options.Certificate} {problem}");
        return certificate;
    }
}
