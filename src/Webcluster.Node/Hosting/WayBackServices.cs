using Webcluster.Node.Configuration;
using Webcluster.Node.Http;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Intake;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue.Events;
using Webcluster.Submission;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Suppressing;
using Webcluster.Submission.Unsubscribing;

namespace Webcluster.Node.Hosting;

/// <summary>What takes in answers to sent mail: links for unsubscribing, and reports.</summary>
internal static class WayBackServices
{
    public static void AddWayBack(this IServiceCollection services, NodeOptions options)
    {
        services.AddSingleton(provider => new ReportReader(provider.GetRequiredService<IReplyClassifier>()));
        if (options.ReturnPath.IsEnabled) services.AddReturns(options.ReturnPath, options.Node.Name);
        if (options.Unsubscribe.IsEnabled) services.AddUnsubscribing(options.Unsubscribe);
    }

    private static void AddUnsubscribing(this IServiceCollection services, UnsubscribeOptions options)
    {
        services.AddSingleton(provider => new UnsubscribeLinks(options, TokenKeyFiles.Load(options.Keys), provider.GetService<ReturnPaths>()));
        services.AddSingleton(provider => new Unsubscriber(
            provider.GetRequiredService<UnsubscribeLinks>(), provider.GetRequiredService<IEventLog>(),
            provider.GetRequiredService<IAddressSuppressor>(), provider.GetRequiredService<WayBackMetrics>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Unsubscriber>>()));
        services.AddSingleton(provider => new UnsubscribeMeter(
            new AddressMeter(provider.GetRequiredService<TimeProvider>(), options.RequestsPerMinute)));
    }
}
