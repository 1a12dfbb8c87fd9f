using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace Webcluster.Queue.Redis.Connection;

/// <summary>
/// The options as the client library wants them. Files are read at each connection: a changed password or authority needs no restart.
/// </summary>
internal sealed class RedisConfiguration(RedisLinkOptions options)
{
    /// <exception cref="RedisTroubleException">A file cannot be read.</exception>
    public ConfigurationOptions ForServers(IEnumerable<string> servers)
    {
        var configuration = Common(options.PasswordFile);
        foreach (var server in servers)
            configuration.EndPoints.Add(server);
        return configuration;
    }

    /// <exception cref="RedisTroubleException">A file cannot be read.</exception>
    public ConfigurationOptions ForSentinel(string sentinel)
    {
        var configuration = Common(options.SentinelPasswordFile);
        configuration.CommandMap = CommandMap.Sentinel;
        configuration.EndPoints.Add(sentinel);
        return configuration;
    }

    public SslClientAuthenticationOptions Tls(string host) => new()
    {
        TargetHost = options.TlsName.Length > 0 ? options.TlsName : host,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        RemoteCertificateValidationCallback = Validation(),
    };

    /// <summary>host:port or [IPv6]:port.</summary>
    public static (string Host, int Port) Split(string server)
    {
        var at = server.LastIndexOf(':');
        return (server[..at].Trim('[', ']'), int.Parse(server.AsSpan(at + 1)));
    }

    public static string Name(EndPoint point) => point is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : point.ToString()!;

    /// <returns>Null where none is configured.</returns>
    /// <exception cref="RedisTroubleException">The file cannot be read.</exception>
    public static string? Password(string file)
    {
        if (file.Length == 0)
            return null;
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unreadable("the password", fault);
        }
    }

    private ConfigurationOptions Common(string passwordFile)
    {
        var configuration = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            AllowAdmin = true,
            ConnectRetry = 1,
            ConnectTimeout = (int)options.ConnectTimeout.TotalMilliseconds,
            SyncTimeout = (int)options.CallTimeout.TotalMilliseconds,
            KeepAlive = 5,
            // Counts where a node of a cluster is away; a lost server is the keeper's to find again.
            ReconnectRetryPolicy = new LinearRetry(500),
            Password = Password(passwordFile),
            TieBreaker = "",
            ConfigurationChannel = "",
            Ssl = options.Tls,
        };
        if (!options.Tls)
            return configuration;
        configuration.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (options.TlsName.Length > 0)
            configuration.SslHost = options.TlsName;
        if (Validation() is { } validation)
            configuration.CertificateValidation += validation;
        return configuration;
    }

    private RemoteCertificateValidationCallback? Validation()
    {
        if (options.TlsCaFile.Length == 0)
            return null;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(options.TlsCaFile);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Unreadable("tls_ca_file", fault);
        }
        return (_, certificate, _, errors) => IsTrusted(authorities, certificate, errors);
    }

    private static RedisTroubleException Unreadable(string what, Exception fault) =>
        new(RedisTroubleKind.Denied, mayHaveHappened: false, $"cannot read {what}: {fault.Message}", fault);

    // The chain must end at one of these authorities; everything else that was wrong stays wrong.
    private static bool IsTrusted(X509Certificate2Collection authorities, X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) is not SslPolicyErrors.None)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var copy = new X509Certificate2(certificate);
        return chain.Build(copy);
    }
}
