using Webcluster.Delivery;
using Webcluster.Node.Dkim;
using Webcluster.Node.Http;
using Webcluster.Node.Tls;
using Webcluster.Queue.Suppression;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Tls;

namespace Webcluster.Node.Configuration;

/// <summary>Opens every file that the configuration names, as the node will.</summary>
internal static class FileChecks
{
    public static IEnumerable<(string Key, string Problem)> Problems(NodeOptions options) =>
    [
        .. Certificate(options), .. Users(options), .. AdminToken(options.Admin), .. Suppression(options.Suppression),
        .. Delivery(options.Delivery), .. ClientCertificates(options), .. ConnectionFiles.Problems(options),
        .. options.Classification.FileProblems().Select(problem => ($"classification.{problem.Key}", problem.Problem)),
        .. TokenKeyFiles.FileProblems(options.ReturnPath.Keys).Select(problem => ($"return_path.{problem.Key}", problem.Problem)),
        .. TokenKeyFiles.FileProblems(options.Unsubscribe.Keys).Select(problem => ($"unsubscribe.{problem.Key}", problem.Problem)),
        .. options.Dkim.Index().SelectMany(entry => DkimKey(entry.Item, $"dkim[{entry.Index}].file")),
        .. options.Webhooks.Index().SelectMany(
            entry => entry.Item.FileProblems().Select(found => ($"webhooks[{entry.Index}].{found.Key}", found.Problem))),
        .. from entry in options.EventFiles.Index()
           let problem = entry.Item.FileProblem()
           where problem is not null
           select ($"event_files[{entry.Index}].path", problem),
    ];

    private static IEnumerable<(string, string)> Certificate(NodeOptions options)
    {
        var tls = options.Tls;
        if (tls.Certificate.Length == 0)
        {
            foreach (var index in Listeners(options, listener => listener.Tls != ListenerTls.None))
                yield return ($"submission.listeners[{index}].tls", "needs tls.certificate and tls.key; or set tls: none");
            yield break;
        }
        if (!File.Exists(tls.Certificate)) yield return ("tls.certificate", $"{tls.Certificate} does not exist");
        if (!File.Exists(tls.Key)) yield return ("tls.key", $"{tls.Key} does not exist");
        else if (File.Exists(tls.Certificate) && !ServerCertificate.TryLoad(tls, new SwappableCertificate(), out var problem))
            yield return ("tls.certificate", $"{tls.Certificate} {problem}");
    }

    private static IEnumerable<(string, string)> Users(NodeOptions options)
    {
        if (options.Submission.Auth.Users.Length == 0) yield break;
        var file = new CredentialFile(options.Submission.Auth.Users);
        var isNeeded = Listeners(options, listener => listener.Trusted.Count == 0).Any();
        if (ProblemOf(file, isNeeded) is { } problem) yield return ("submission.auth.users", $"{file.Path} {problem}");
    }

    private static string? ProblemOf(CredentialFile users, bool isNeeded)
    {
        try
        {
            users.Read(out _);
            return null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return isNeeded ? "does not exist; make it with: webcluster user add NAME" : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read by this user: {error.Message}";
        }
    }

    private static IEnumerable<(string, string)> AdminToken(AdminOptions options)
    {
        if (Http.AdminToken.ProblemOf(options.TokenFile) is { } problem)
            yield return ("admin.token_file", $"{options.TokenFile} {problem}");
    }

    private static IEnumerable<(string, string)> Suppression(SuppressionOptions options)
    {
        if (options.HashKeyFile.Length > 0 && !File.Exists(options.HashKeyFile))
            yield return ("suppression.hash_key_file", $"{options.HashKeyFile} does not exist; make it with: openssl rand -hex 32");
        foreach (var (key, problem) in options.FileProblems()) yield return ($"suppression.{key}", $"{options.HashKeyFile} {problem}");
    }

    private static IEnumerable<(string, string)> Delivery(DeliveryOptions options)
    {
        if (options.CaFile.Length > 0 && !File.Exists(options.CaFile))
            yield return ("delivery.ca_file", $"{options.CaFile} does not exist");
        foreach (var (key, problem) in options.FileProblems()) yield return ($"delivery.{key}", problem);
    }

    private static IEnumerable<(string, string)> ClientCertificates(NodeOptions options) =>
        from given in options.ClientCertificates()
        from found in given.Shown.FileProblems()
        select ($"{given.Key}.{found.Key}", found.Problem);

    private static IEnumerable<(string, string)> DkimKey(DkimKeyOptions options, string key)
    {
        if (options.File.Length == 0) yield break;
        if (!File.Exists(options.File))
        {
            yield return (key, $"{options.File} does not exist");
            yield break;
        }
        using var loaded = DkimKeyFiles.Load(options, out var problem);
        if (loaded is null) yield return (key, $"{options.File} cannot be used: {problem}");
    }

    private static IEnumerable<int> Listeners(NodeOptions options, Func<SubmissionListenerOptions, bool> which) =>
        options.Submission.Listeners.Index().Where(entry => which(entry.Item)).Select(entry => entry.Index);
}
