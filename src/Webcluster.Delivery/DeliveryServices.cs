using System.Diagnostics.Metrics;
using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Webcluster.Delivery.Availability;
using Webcluster.Delivery.Connections;
using Webcluster.Delivery.Dns;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.Notifications;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Pools;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Pump;
using Webcluster.Delivery.Reactions;
using Webcluster.Delivery.Reports;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.Sources;
using Webcluster.Delivery.Traffic;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue;
using Webcluster.Queue.Routing;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Suppression;

namespace Webcluster.Delivery;

/// <summary>What delivery is configured with, as a whole.</summary>
/// <param name="HostName">This node's name: EHLO, reports.</param>
/// <param name="MessageLifetime">How long a report to a sender may take.</param>
public sealed record DeliverySetup(
    string HostName, DeliveryOptions Delivery, DnsOptions Dns, IReadOnlyList<RouteOptions> Routes, TimeSpan MessageLifetime)
{
    /// <summary>Without problems.</summary>
    public ProviderSetup Providers { get; init; } = ProviderSetup.Empty;

    public EgressOptions Egress { get; init; } = EgressOptions.None;

    /// <summary>Where the node keeps what it learns of others' TLS; null: nowhere.</summary>
    public string? StateFolder { get; init; }
}

public static class DeliveryServices
{
    /// <summary>
    /// Adds the outbound side. Needs a <see cref="DeliverySetup"/>, an <see cref="IMailQueue"/>, <see cref="Suppressions"/>, <see cref="RepeatedSoft"/>, an <see cref="IReplyClassifier"/>, an
    /// <see cref="IDkimKeySource"/> and a <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.AddSingleton(provider => new NodeId($"{Setup(provider).HostName}/{Guid.CreateVersion7():N}"));
        services.AddSingleton(provider => new ProviderBook(Setup(provider).Providers));
        services.AddSingleton<DeliveryMetrics>();
        services.AddSingleton<DeliveryLog>();
        services.AddSingleton<ParkedSessions>();
        services.AddSingleton<Heartbeat>();
        services.AddSingleton<Housekeeping>();
        services.AddSingleton<IDnsResolver>(provider => new DnsResolver(
            Setup(provider).Dns, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IMeterFactory>()));
        services.AddSingleton(provider => new NetworkPolicy(
            Setup(provider).Delivery.AllowedNetworks.Select(IPNetwork.Parse), OwnAddresses()));
        services.AddSingleton(provider => new RetrySchedule(Setup(provider).Delivery.Retry, new Random()));
        services.AddSingleton(Router);
        services.AddSingleton(provider => new PoolPolicy(Setup(provider).Egress.Rules));
        services.AddSingleton<IRecipientRouter, PoolRouter>();
        services.AddEgress();
        services.AddTransportSecurity();
        services.AddSingleton(Connector);
        services.AddSingleton<TrafficOffers>();
        services.AddSingleton<ReplyWatch>();
        services.AddReactions();
        services.AddSingleton<SiteHealth>();
        services.AddSingleton<ReportMailer>();
        services.AddSingleton(Notifier);
        services.AddSingleton<BouncedAddresses>();
        services.AddSingleton<Witnesses>();
        services.AddSingleton(provider => new AttemptEvents(provider.GetRequiredService<IReplyClassifier>(), Setup(provider).HostName));
        services.AddSingleton<Settler>();
        services.AddSingleton<SessionRunnerServices>();
        services.AddSingleton<SessionRunnerFactory>();
        services.AddSingleton(provider => Setup(provider).Delivery);
        services.AddSingleton<DeliveryGate>();
        services.AddSingleton<DeliveryPump>();
        services.AddHostedService(provider => provider.GetRequiredService<Heartbeat>());
        services.AddHostedService(provider => provider.GetRequiredService<Housekeeping>());
        services.AddHostedService(provider => provider.GetRequiredService<SourceWatch>());
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryPump>());
        return services;
    }

    private static void AddReactions(this IServiceCollection services)
    {
        services.AddSingleton(provider => Setup(provider).Delivery.Reactions);
        services.AddSingleton(provider => Setup(provider).Delivery.Retry);
        services.AddSingleton<RefusedShares>();
        services.AddSingleton<ReplyAlarms>();
        services.AddSingleton<ReplyReactions>();
    }

    private static void AddEgress(this IServiceCollection services)
    {
        services.AddSingleton(Plan);
        services.AddSingleton(provider => new EgressDialer(
            Setup(provider).Delivery.Timeouts.Connect, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SourceLog>();
        services.AddSingleton<SourceBook>();
        services.AddSingleton<SourceMetrics>();
        services.AddSingleton<SourceWatch>();
        services.AddSingleton<ISources, SourceReport>();
    }

    private static IEnumerable<IPAddress> OwnAddresses() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(card => card.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address);

    private static DeliverySetup Setup(IServiceProvider provider) => provider.GetRequiredService<DeliverySetup>();

    private static DomainRouter Router(IServiceProvider provider)
    {
        var setup = Setup(provider);
        var certificates = new ClientCertificates(setup.Delivery.ClientCertificate);
        var settings = new DomainRouterSettings(
            setup.HostName.ToLowerInvariant(), setup.Delivery.Port, provider.GetRequiredService<ProviderBook>(), new Random())
        {
            Certificates = certificates,
        };
        var routes = new StaticRoutes(setup.Routes, ReadPassword, certificates);
        return new DomainRouter(
            routes, provider.GetRequiredService<IDnsResolver>(), provider.GetRequiredService<NetworkPolicy>(), settings);
    }

    private static SmtpConnector Connector(IServiceProvider provider)
    {
        var setup = Setup(provider);
        var time = provider.GetRequiredService<TimeProvider>();
        return new SmtpConnector(
            provider.GetRequiredService<IDnsResolver>(), provider.GetRequiredService<NetworkPolicy>(),
            new TlsKnowledge(
                new BrokenTls(setup.Delivery.RememberBrokenTls, time, provider.GetRequiredService<ILogger<BrokenTls>>()),
                provider.GetRequiredService<TlsDecider>()),
            provider.GetRequiredService<EgressDialer>(),
            new ConnectorSettings(setup.Delivery.Timeouts, time)
            {
                Roots = provider.GetRequiredService<TrustedRoots>(),
                Sessions = provider.GetRequiredService<ITlsSessions>(),
            });
    }

    private static EgressPlan Plan(IServiceProvider provider)
    {
        var setup = Setup(provider);
        return setup.Egress.Sources.Count > 0
            ? EgressPlan.Of(setup.Egress, setup.HostName, ReadPassword)
            : EgressPlan.Unnamed(setup.HostName, setup.Delivery.SourceAddresses.Select(IPAddress.Parse));
    }

    private static string ReadPassword(string file) => File.ReadAllText(file).TrimEnd('\r', '\n');

    private static BounceNotifier Notifier(IServiceProvider provider)
    {
        var setup = Setup(provider);
        var composer = new DsnComposer(setup.HostName, setup.Delivery.Retry.DelayNotice, provider.GetService<ReturnPaths>() is not null);
        return new BounceNotifier(
            provider.GetRequiredService<IMailQueue>(), composer, provider.GetRequiredService<ReportMailer>(), setup.MessageLifetime);
    }
}
