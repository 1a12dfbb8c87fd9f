using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue;
using Webcluster.Queue.Suppression;
using Webcluster.Queue.Tallies;
using Webcluster.Submission.Acceptance;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Content;
using Webcluster.Submission.Listeners;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Sessions;
using Webcluster.Submission.Suppressing;
using Webcluster.Submission.Tls;
using Webcluster.Submission.Unsubscribing;

namespace Webcluster.Submission;

public static class SubmissionServiceCollectionExtensions
{
    /// <summary>
    /// Registers submission. The caller registers <see cref="SubmissionOptions"/> (or a <see cref="SubmissionPolicy"/>), the queue, the
    /// router, <see cref="Suppressions"/>, <see cref="IDkimKeySource"/> and <see cref="ICertificateSource"/>; and an
    /// <see cref="ICredentialStore"/> where users are not in a file.
    /// </summary>
    public static IServiceCollection AddSubmission(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => SubmissionPolicy.Create(provider.GetRequiredService<SubmissionOptions>()));
        services.TryAddSingleton(provider => new CredentialFile(provider.GetRequiredService<SubmissionPolicy>().Auth.Users));
        services.TryAddSingleton<ICredentialStore, FileCredentialStore>();
        services.AddSingleton(provider => new Authenticator(
            provider.GetRequiredService<ICredentialStore>(), provider.GetRequiredService<SubmissionPolicy>().Auth,
            provider.GetRequiredService<TimeProvider>(), provider.GetService<IMailQueue>() as ISharedTally));
        services.AddSingleton(provider => new ContentBudget(provider.GetRequiredService<SubmissionPolicy>().Limits.ContentMemory.Octets));
        services.AddSingleton(provider => new ConnectionLimiter(provider.GetRequiredService<SubmissionPolicy>().Limits));
        services.AddSingleton<SubmissionMetrics>();
        services.AddSingleton<SubmissionGate>();
        services.AddSingleton<RecipientSuppression>();
        services.AddSingleton<WayBackMetrics>();
        services.AddSingleton<IAddressSuppressor, ListSuppressor>();
        services.AddSingleton(provider => new MessagePrefix(
            provider.GetRequiredService<SubmissionPolicy>(), provider.GetRequiredService<IDkimKeySource>(),
            provider.GetService<UnsubscribeLinks>(), provider.GetService<ReturnPaths>(),
            provider.GetRequiredService<ILogger<MessagePrefix>>()));
        services.AddSingleton<MessageAcceptor>();
        services.AddSingleton(provider => new SessionServices(
            provider.GetRequiredService<SubmissionPolicy>(), provider.GetRequiredService<MessageAcceptor>(),
            provider.GetRequiredService<Authenticator>(), provider.GetRequiredService<ContentBudget>(),
            provider.GetRequiredService<ICertificateSource>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<SubmissionMetrics>(), provider.GetRequiredService<ILogger<SmtpSession>>()));
        services.AddSingleton<ProxyDoor>();
        services.AddSingleton<SubmissionConnectionHandler>();
        return services;
    }
}
