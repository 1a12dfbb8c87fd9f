using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Webcluster.Submission.Policy;

namespace Webcluster.Submission.Listeners;

public static class KestrelSubmissionExtensions
{
    /// <summary>
    /// Binds every configured listener, those of reports too.
    /// <see cref="SubmissionServiceCollectionExtensions.AddSubmission"/> must have been called.
    /// </summary>
    public static void ListenSubmission(this KestrelServerOptions kestrel)
    {
        var services = kestrel.ApplicationServices;
        var policy = services.GetRequiredService<SubmissionPolicy>();
        foreach (var listener in policy.Listeners)
        {
            // Made when the first connection comes: the queue and the router need not be there yet.
            kestrel.Listen(listener.EndPoint, listen => listen.Run(
                connection => services.GetRequiredService<SubmissionConnectionHandler>().RunAsync(connection, listener)));
        }

        if (services.GetService<ReturnListening>() is not { } returns) return;
        foreach (var listener in returns.Policy.Listeners)
            kestrel.Listen(listener.EndPoint, listen => listen.Run(connection => returns.Handler.RunAsync(connection, listener)));
    }
}
