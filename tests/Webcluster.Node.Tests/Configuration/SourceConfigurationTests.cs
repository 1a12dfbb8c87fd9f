using Shouldly;
using Webcluster.Node.Configuration;
using Webcluster.Queue.Lanes;
using Xunit;

namespace Webcluster.Node.Tests.Configuration;

/// <summary>Sources, pools and their rules, as they stand in the file.</summary>
public sealed class SourceConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_SourcesAndPools_AreBound()
    {
        _folder.Write("secrets/proxy", "secret\n");
        var loaded = Load("""
            sources:
              - name: tx
                address: 192.0.2.1
                address6: 2001:db8::1
                warmup: {plan: cautious, start: 2026-11-22}
              - {name: far, proxy: "socks5://anna@127.0.0.1:1080", proxy_password_file: secrets/proxy}
            pools:
              - {name: default, sources: [{name: tx, weight: 3}]}
              - {name: marketing, sources: [{name: far}], fallback: default}
            pool_rules:
              - {users: [news], asked: [marketing]}
              - {classes: [bulk, normal], destinations: [.example], pool: marketing}
            """);
        loaded.Problems.ShouldBeEmpty();
        var options = loaded.Options;
        options.Sources[0].Warmup!.Start.ShouldBe("2026-11-22");
        options.Sources[1].Warmup.ShouldBeNull();
        options.Sources[1].ProxyPasswordFile.ShouldBe(Path.Combine(_folder.Path, "secrets", "proxy"), "relative to the file");
        options.Pools[0].Sources.Single().Weight.ShouldBe(3);
        options.PoolRules[1].Classes.ShouldBe([MailClass.Bulk, MailClass.Normal]);
    }

    [Fact]
    public void Load_WhatDoesNotFitTogether_IsNamedWithItsLine()
    {
        var loaded = Load("""
            delivery:
              source_addresses: [192.0.2.9]
            sources:
              - {name: tx, address: 192.0.2.1}
            pools:
              - {name: default, sources: [{name: xt}]}
            pool_rules:
              - {classes: [bulky], pool: default}
              - {pool: nowhere}
            """);
        loaded.Problems.Select(problem => problem.ToString()).Order().ShouldBe(
        [
            "a.yaml:2: delivery.source_addresses: gives way to sources: put these addresses there",
            "a.yaml:6: pools[0].sources[0].name: there is no source 'xt'",
            "a.yaml:8: pool_rules[0].classes[0]: 'bulky' is not allowed; one of: transactional, normal, bulk",
            "a.yaml:9: pool_rules[1].pool: there is no pool 'nowhere'",
        ]);
    }

    private LoadedConfiguration Load(string yaml)
    {
        _folder.Write("a.yaml", yaml);
        return ConfigurationLoader.Load("a.yaml", new Dictionary<string, string> { ["XDG_STATE_HOME"] = _folder.Path }, _folder.Path);
    }
}
