namespace Webcluster.Node.Configuration;

/// <summary>
/// Makes every configured path whole: relative ones start at one folder, those left out get their place in the state folder.
/// </summary>
internal static class ConfiguredPaths
{
    public static void Resolve(NodeOptions options, string folder)
    {
        options.Node.StateFolder = Path.GetFullPath(options.Node.StateFolder, folder);
        options.Queue.Folder = options.Queue.Folder.Length == 0
            ? Path.Combine(options.Node.StateFolder, "queue")
            : Whole(options.Queue.Folder);
        options.Admin.TokenFile = options.Admin.TokenFile.Length == 0
            ? Path.Combine(options.Node.StateFolder, "admin-token")
            : Whole(options.Admin.TokenFile);
        if (options.Queue.Redis is { } redis)
        {
            redis.PasswordFile = Whole(redis.PasswordFile);
            redis.SentinelPasswordFile = Whole(redis.SentinelPasswordFile);
            redis.TlsCaFile = Whole(redis.TlsCaFile);
        }
        options.Suppression.HashKeyFile = Whole(options.Suppression.HashKeyFile);
        options.Classification.Rules = Whole(options.Classification.Rules);
        options.Classification.Model = Whole(options.Classification.Model);
        options.Tls.Certificate = Whole(options.Tls.Certificate);
        options.Tls.Key = Whole(options.Tls.Key);
        options.Delivery.CaFile = Whole(options.Delivery.CaFile);
        foreach (var (_, shown) in options.ClientCertificates())
            (shown.Certificate, shown.Key) = (Whole(shown.Certificate), Whole(shown.Key));
        options.Submission.Auth.Users = Whole(options.Submission.Auth.Users);
        foreach (var key in options.Dkim) key.File = Whole(key.File);
        foreach (var key in options.ReturnPath.Keys.Concat(options.Unsubscribe.Keys)) key.File = Whole(key.File);
        foreach (var route in options.Routes) route.PasswordFile = Whole(route.PasswordFile);
        foreach (var source in options.Sources) source.ProxyPasswordFile = Whole(source.ProxyPasswordFile);
        foreach (var webhook in options.Webhooks) webhook.ResolveFiles(Whole);
        foreach (var file in options.EventFiles) file.Path = Whole(file.Path);

        string Whole(string path) => path.Length == 0 ? path : Path.GetFullPath(path, folder);
    }
}
