using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webcluster.Node.Configuration;

/// <summary>The files that connections to other servers need: passwords, and the authorities that Redis is checked against.</summary>
internal static class ConnectionFiles
{
    public static IEnumerable<(string Key, string Problem)> Problems(NodeOptions options) =>
    [
        .. from given in Passwords(options)
           let problem = PasswordProblem(given.File)
           where problem is not null
           select (given.Key, $"{given.File} {problem}"),
        .. Authorities(options.Queue.Redis),
    ];

    private static IEnumerable<(string Key, string File)> Passwords(NodeOptions options)
    {
        (string Key, string File)[] ofRedis = options.Queue.Redis is { } redis
            ? [("queue.redis.password_file", redis.PasswordFile), ("queue.redis.sentinel_password_file", redis.SentinelPasswordFile)]
            : [];
        IEnumerable<(string Key, string File)> others =
        [
            .. options.Routes.Index().Select(entry => ($"routes[{entry.Index}].password_file", entry.Item.PasswordFile)),
            .. options.Sources.Index().Select(entry => ($"sources[{entry.Index}].proxy_password_file", entry.Item.ProxyPasswordFile)),
        ];
        // That one of the others does not exist, these options say themselves.
        return [.. ofRedis.Where(given => given.File.Length > 0), .. others.Where(given => File.Exists(given.File))];
    }

    private static string? PasswordProblem(string file)
    {
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n').Length == 0 ? "is empty" : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unreadable(error);
        }
    }

    private static IEnumerable<(string, string)> Authorities(RedisOptions? redis)
    {
        if (redis is { TlsCaFile: { Length: > 0 } file } && AuthoritiesProblem(file) is { } problem)
            yield return ("queue.redis.tls_ca_file", $"{file} {problem}");
    }

    private static string? AuthoritiesProblem(string file)
    {
        try
        {
            var read = new X509Certificate2Collection();
            read.ImportFromPemFile(file);
            return read.Count == 0 ? "holds no certificate" : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return Unreadable(error);
        }
    }

    private static string Unreadable(Exception error) =>
        error is FileNotFoundException or DirectoryNotFoundException ? "does not exist" : $"cannot be read: {error.Message.TrimEnd('.')}";
}
