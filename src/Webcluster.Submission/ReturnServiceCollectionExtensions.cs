using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Intake;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue.Events;
using Webcluster.Queue.Traffic;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Content;
using Webcluster.Submission.Listeners;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Returns;
using Webcluster.Submission.Sessions;
using Webcluster.Submission.Suppressing;
using Webcluster.Submission.Tls;
using Webcluster.Submission.Unsubscribing;

namespace Webcluster.Submission;

public static class ReturnServiceCollectionExtensions
{
    /// <summary>
    /// Registers what takes reports, besides submission. The caller registers <see cref="IEventLog"/> and <see cref="ReportReader"/>, and may
    /// register an <see cref="Unsubscriber"/>.
    /// </summary>
    /// <param name="options">Without problems, and enabled.</param>
    /// <param name="hostName">Of this node.</param>
    public static IServiceCollection AddReturns(this IServiceCollection services, ReturnPathOptions options, string hostName)
    {
        services.AddSingleton(_ => Paths(options));
        if (options.Listeners.Count == 0) return services;
        services.AddSingleton(provider => new ReturnRecorder(
            provider.GetRequiredService<IEventLog>(), provider.GetRequiredService<IAddressSuppressor>(),
            provider.GetRequiredService<ITrafficControl>(),
            new RecorderSurroundings(hostName, provider.GetRequiredService<TimeProvider>(), Tenants(provider, options)),
            provider.GetRequiredService<WayBackMetrics>(),
            provider.GetRequiredService<ILogger<ReturnRecorder>>()));
        services.AddSingleton(provider => Acceptor(provider, options, hostName));
        services.AddSingleton(provider =>
        {
            var policy = SubmissionPolicy.Create(options.ToListeners(hostName)).ForStrangers();
            return new ReturnListening(policy, () => Handler(provider, policy));
        });
        return services;
    }

    private static ReturnPaths Paths(ReturnPathOptions options) => new(
        Domain(options.Domain),
        options.Tenants.ToDictionary(tenant => tenant.Tenant, tenant => Domain(tenant.Domain), StringComparer.Ordinal),
        TokenKeyFiles.Load(options.Keys), options.Expiry);

    private static KnownTenants Tenants(IServiceProvider provider, ReturnPathOptions options) => new(
        provider.GetRequiredService<ICredentialStore>(),
        [
            .. provider.GetRequiredService<SubmissionPolicy>().Listeners.Select(listener => listener.TrustedPrincipal.Tenant),
            .. options.Tenants.Select(tenant => tenant.Tenant),
        ]);

    private static string Domain(string name) => DomainName.TryNormalize(name, out var domain) ? domain : name;

    private static ReturnAcceptor Acceptor(IServiceProvider provider, ReturnPathOptions options, string hostName)
    {
        var (paths, unsubscriber) = (provider.GetRequiredService<ReturnPaths>(), provider.GetService<Unsubscriber>());
        var time = provider.GetRequiredService<TimeProvider>();
        var feedback = options.Feedback.Select(text => Mailbox.TryParse(text, out var address) ? address : null).OfType<Mailbox>();
        return new ReturnAcceptor(
            new ReturnAddresses(paths, feedback, Domain(hostName), takesUnsubscribe: unsubscriber is not null), paths,
            provider.GetRequiredService<ReportReader>(), provider.GetRequiredService<ReturnRecorder>(),
            new ReturnServices(
                unsubscriber, new AddressMeter(time, options.Limits.MessagesPerMinute), time, provider.GetRequiredService<WayBackMetrics>(),
                provider.GetRequiredService<ILogger<ReturnAcceptor>>()));
    }

    private static SubmissionConnectionHandler Handler(IServiceProvider provider, SubmissionPolicy policy)
    {
        var metrics = provider.GetRequiredService<SubmissionMetrics>();
        var time = provider.GetRequiredService<TimeProvider>();
        var limiter = new ConnectionLimiter(policy.Limits);
        var services = new SessionServices(
            policy, provider.GetRequiredService<ReturnAcceptor>(), provider.GetRequiredService<Authenticator>(),
            new ContentBudget(policy.Limits.ContentMemory.Octets), provider.GetRequiredService<ICertificateSource>(), time, metrics,
            provider.GetRequiredService<ILogger<SmtpSession>>());
        var door = new ProxyDoor(policy, limiter, metrics, time, provider.GetRequiredService<ILogger<ProxyDoor>>());
        return new SubmissionConnectionHandler(services, limiter, provider.GetRequiredService<SubmissionGate>(), door);
    }
}
