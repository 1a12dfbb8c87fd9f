namespace Webcluster.Queue.Redis.Connection;

/// <summary>Where the Redis is and how it is spoken to. One of: a server, several nodes of a Redis Cluster, or Sentinels.</summary>
public class RedisLinkOptions
{
    private const double OctetsASecond = 4 * 1024 * 1024;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);

    /// <summary>host:port of the server, or of some nodes of a Redis Cluster. Default none: then sentinels must be given.</summary>
    public List<string> Servers { get; set; } = [];

    /// <summary>host:port of the Sentinels, which say which server is the primary. Default none.</summary>
    public List<string> Sentinels { get; set; } = [];

    /// <summary>The name by which the Sentinels know the primary. Default mymaster.</summary>
    public string PrimaryName { get; set; } = "mymaster";

    /// <summary>The servers are nodes of a Redis Cluster. Default false.</summary>
    public bool Cluster { get; set; }

    /// <summary>An ACL user: refused, because the client library in use sends no user. Default none: the user "default".</summary>
    public string User { get; set; } = "";

    /// <summary>File with the password of the user "default". Default none: no AUTH.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>File with the password of the Sentinels. Default none: no AUTH.</summary>
    public string SentinelPasswordFile { get; set; } = "";

    /// <summary>TLS 1.2 or 1.3 to servers and Sentinels. Default false.</summary>
    public bool Tls { get; set; }

    /// <summary>PEM file with the authorities that sign the servers' certificates. Default: those of the system.</summary>
    public string TlsCaFile { get; set; } = "";

    /// <summary>Name that must stand in the servers' certificates. Default: the host they are reached by.</summary>
    public string TlsName { get; set; } = "";

    /// <summary>How long a call may take; beyond it the answer is unknown and mail is refused (451). A call may wait for others before
    /// it: after 30s it is given up. While content is on its way, each 4 MiB of it give a second more, up to 20s in all. Default
    /// 1s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a connection may take to be made. Default 2s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a call may take while so much content is on its way, in it and in front of it: all goes over one
    /// connection.</summary>
    internal TimeSpan TimeFor(long octets)
    {
        var time = CallTimeout + TimeSpan.FromSeconds(octets / OctetsASecond);
        return time < s_longest ? time : s_longest;
    }

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Servers.Count == 0 == (Sentinels.Count == 0)) yield return ("servers", "give either servers or sentinels");
        if (Cluster && Sentinels.Count > 0) yield return ("cluster", "a Redis Cluster has no sentinels");
        if (!Cluster && Servers.Count > 1) yield return ("servers", "several servers need cluster: true, or sentinels");
        if (Sentinels.Count > 0 && PrimaryName.Length == 0) yield return ("primary_name", "must not be empty");
        if (User.Length > 0)
            yield return ("user", "the Redis client library in use cannot send a user with AUTH: limit the user \"default\" by ACL instead "
                + "(ACL SETUSER default ...) and give its password in password_file");
        foreach (var server in Servers.Where(server => !IsHostAndPort(server)))
            yield return ("servers", $"\"{server}\" is not host:port");
        foreach (var sentinel in Sentinels.Where(sentinel => !IsHostAndPort(sentinel)))
            yield return ("sentinels", $"\"{sentinel}\" is not host:port");
        if (!Tls && (TlsCaFile.Length > 0 || TlsName.Length > 0))
            yield return ("tls", "must be true where tls_ca_file or tls_name is given");
        if (CallTimeout < TimeSpan.FromMilliseconds(50) || CallTimeout > s_longest)
            yield return ("call_timeout", "must be 50ms to 20s");
        if (ConnectTimeout < TimeSpan.FromMilliseconds(50) || ConnectTimeout > TimeSpan.FromSeconds(30))
            yield return ("connect_timeout", "must be 50ms to 30s");
    }

    // A Unix socket's path has a slash: the client library cannot open one.
    private static bool IsHostAndPort(string server) =>
        server.LastIndexOf(':') is > 0 and var at && !server.AsSpan().ContainsAny("/ ,=")
        && ushort.TryParse(server.AsSpan(at + 1), out var port) && port > 0;
}
