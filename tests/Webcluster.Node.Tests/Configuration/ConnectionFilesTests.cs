using Shouldly;
using Webcluster.Node.Configuration;
using Webcluster.Node.FirstRun;
using Xunit;

namespace Webcluster.Node.Tests.Configuration;

/// <summary>What the node opens when it connects is opened when the configuration is checked.</summary>
public sealed class ConnectionFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Files => new()
    {
        { "queue.redis.password_file", "queue: {redis: {servers: ['127.0.0.1:1'], password_file: FILE}}" },
        { "queue.redis.sentinel_password_file", "queue: {redis: {sentinels: ['127.0.0.1:1'], sentinel_password_file: FILE}}" },
        { "queue.redis.tls_ca_file", "queue: {redis: {servers: ['127.0.0.1:1'], tls: true, tls_ca_file: FILE}}" },
        { "routes[0].password_file", "routes: [{match: '*', hosts: [a.example], tls: required, username: a, password_file: FILE}]" },
        { "sources[0].proxy_password_file", "sources: [{name: a, proxy: 'socks5://u@127.0.0.1:1', proxy_password_file: FILE}]" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Load_FileThatIsNamed_IsOpened(string key, string yaml)
    {
        Problems(yaml.Replace("FILE", "none", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldMatch($"^{Escaped(key)}: .*none.? does not exist$");
        _folder.Write("empty", "\r\n");
        Problems(yaml.Replace("FILE", "empty", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldMatch($"^{Escaped(key)}: {_folder.Path}/empty (is empty|holds no certificate)$");
        // A certificate will do as a password, too.
        SelfSignedCertificate.Ensure(Path.Combine(_folder.Path, "some"), Path.Combine(_folder.Path, "key"), DateTimeOffset.UtcNow);
        Problems(yaml.Replace("FILE", "some", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private IEnumerable<string> Problems(string yaml)
    {
        _folder.Write("a.yaml", yaml + "\n");
        return ConfigurationLoader.Load("a.yaml", new Dictionary<string, string> { ["XDG_STATE_HOME"] = _folder.Path }, _folder.Path)
            .Problems.Select(problem => $"{problem.Key}: {problem.Text}");
    }

    private static string Escaped(string key) => System.Text.RegularExpressions.Regex.Escape(key);
}
