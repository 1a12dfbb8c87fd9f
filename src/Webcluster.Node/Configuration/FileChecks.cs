using Webcluster.Node.Dkim;
using Webcluster.Node.Tls;
using Webcluster.Submission.Listeners;

namespace Webcluster.Node.Configuration;

/// <summary>Opens every file that the configuration names, as the node will.</summary>
internal static class FileChecks
{
    public static IEnumerable<(string Key, string Problem)> Problems(NodeOptions options)
    {
        if (options.Tls.Certificate.Length > 0 && options.Tls.Key.Length > 0 && !ServerCertificate.TryLoad(options.Tls, new SwappableCertificate(), out var tls))
            yield return ("tls.certificate", $"{options.Tls.Certificate} {tls}");
        if (options.Tls.Certificate.Length == 0)
            foreach (var index in Listeners(options, listener => listener.Tls != ListenerTls.None))
                yield return ($"submission.listeners[{index}].tls", "needs tls.certificate and tls.key; or set tls: none");
        if (!File.Exists(options.Submission.Auth.Users))
            foreach (var _ in Listeners(options, listener => listener.Trusted.Count == 0).Take(1))
                yield return ("submission.auth.users", $"{options.Submission.Auth.Users} does not exist; make it with: webcluster user add NAME");
        for (var i = 0; i < options.Dkim.Count; i++)
        {
            if (options.Dkim[i].File.Length == 0) continue;
            using var key = DkimKeyFiles.Load(options.Dkim[i], out var dkim);
            if (key is null) yield return ($"dkim[{i}].file", $"{options.Dkim[i].File} cannot be used: {dkim}");
        }
    }

    private static IEnumerable<int> Listeners(NodeOptions options, Func<SubmissionListenerOptions, bool> which) =>
        options.Submission.Listeners.Index().Where(entry => which(entry.Item)).Select(entry => entry.Index);
}
