using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Webcluster.Delivery.Dns;
using Webcluster.Delivery.Reports;
using Webcluster.Delivery.TransportSecurity.MtaSts;
using Webcluster.Delivery.TransportSecurity.TlsReporting;

namespace Webcluster.Delivery.TransportSecurity;

internal static class TransportSecurityServices
{
    /// <summary>Adds what decides how connections are secured. Needs a <see cref="DeliverySetup"/>, DNS, the networks and the
    /// time.</summary>
    public static void AddTransportSecurity(this IServiceCollection services)
    {
        services.AddSingleton(provider => TrustedRoots.Load(Options(provider).CaFile));
        services.AddSingleton<TlsMetrics>();
        services.AddSingleton<ITlsSessions>(provider => new TlsSessions(
            provider.GetRequiredService<TlsMetrics>(),
            Options(provider).TlsReports.IsEnabled ? provider.GetRequiredService<TlsLedger>() : null,
            provider.GetRequiredService<ILogger<TlsSessions>>()));
        services.AddSingleton(provider => Options(provider).MtaSts);
        services.AddSingleton<GuardedHttp>();
        services.AddSingleton<IStsFetcher, StsFetcher>();
        services.AddSingleton(provider => new StsStore(FileOf(provider, "mta-sts.json"), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<StsPolicies>();
        services.AddSingleton(Decider);
        services.AddHostedService<StsKeeper>();
        services.AddTlsReports();
    }

    private static void AddTlsReports(this IServiceCollection services)
    {
        services.AddSingleton(provider => Options(provider).TlsReports);
        services.AddSingleton(provider => new TlsLedger(FileOf(provider, "tls-counts.json"), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<TlsReportPost>();
        services.AddSingleton(provider => new TlsReportMailer(
            provider.GetRequiredService<ReportMailer>(), Options(provider).TlsReports, HostName(provider),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new TlsReporterServices(
            provider.GetRequiredService<TlsLedger>(), provider.GetRequiredService<IDnsResolver>(),
            provider.GetRequiredService<TlsReportMailer>(), provider.GetRequiredService<TlsReportPost>(), HostName(provider)));
        services.AddHostedService<TlsReporter>();
    }

    private static string HostName(IServiceProvider provider) => provider.GetRequiredService<DeliverySetup>().HostName;

    private static TlsDecider Decider(IServiceProvider provider) => new(
        provider.GetRequiredService<IDnsResolver>(), Options(provider).MtaSts.Enabled ? provider.GetRequiredService<StsPolicies>() : null,
        Options(provider).Dane, provider.GetRequiredService<ITlsSessions>());

    private static DeliveryOptions Options(IServiceProvider provider) => provider.GetRequiredService<DeliverySetup>().Delivery;

    private static string? FileOf(IServiceProvider provider, string name) =>
        provider.GetRequiredService<DeliverySetup>().StateFolder is { } folder ? Path.Combine(folder, name) : null;
}
