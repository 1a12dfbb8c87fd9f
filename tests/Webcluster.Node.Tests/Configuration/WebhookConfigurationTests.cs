using Shouldly;
using Webcluster.Node.Configuration;
using Webcluster.Node.Webhooks;
using Webcluster.Queue.Events;
using Xunit;

namespace Webcluster.Node.Tests.Configuration;

/// <summary>Webhooks as they stand in the file.</summary>
public sealed class WebhookConfigurationTests : IDisposable
{
    private const string Secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_Webhooks_AreBound_WithWhatTheirFilesHold()
    {
        _folder.Write("secrets/old", Secret + "\n");
        _folder.Write("secrets/key", "Bearer abc\n");
        var loaded = Load($$"""
            webhooks:
              - name: crm
                url: https://hooks.example.com/mail
                tenant: shop
                events: [bounced, bounced_later, possible_duplicate]
                secrets: [{{Secret}}, secrets/old]
                batch: 100
                headers: [{name: Authorization, value_file: secrets/key}, {name: X-Env, value: live}]
                timeout: 30s
                allow_private: [10.0.0.0/8]
              - {name: all, url: "http://127.0.0.1:8080/", secrets: [secrets/old], allow_private: [127.0.0.0/8], disabled: true}
            """);
        loaded.Problems.ShouldBeEmpty();

        var one = WebhookEndpoint.Of(loaded.Options.Webhooks[0]);
        one.Kinds.ShouldBe([MailEventKind.Bounced, MailEventKind.BouncedLater, MailEventKind.PossibleDuplicate], ignoreOrder: true);
        (one.Secrets.Count, one.Tenant, one.Batch, one.Timeout, one.Feed).ShouldBe((2, "shop", 100, TimeSpan.FromSeconds(30), "webhook-crm"));
        one.Headers.ShouldBe([("Authorization", "Bearer abc"), ("X-Env", "live")]);
        one.Networks.Allows(System.Net.IPAddress.Parse("10.1.2.3")).ShouldBeTrue();
        one.Networks.Allows(System.Net.IPAddress.Loopback).ShouldBeFalse();
        var all = WebhookEndpoint.Of(loaded.Options.Webhooks[1]);
        (all.Tenant, all.Kinds.Count, all.Batch, all.Disabled).ShouldBe((null, 0, 1, true));
    }

    [Fact]
    public void Load_WhatCannotBe_IsNamedWithItsLine()
    {
        _folder.Write("wrong", "whsec_short");
        var loaded = Load($$"""
            webhooks:
              - {name: Crm, url: "ftp://x/", batch: 0}
              - {name: a, url: "https://anna:x@hooks.example.com/", secrets: [whsec_x], batch: 101, timeout: 100ms}
              - {name: a, url: "https://b/", secrets: [{{Secret}}, wrong, {{Secret}}], allow_private: [10.0.0.1/8x]}
              - {name: c, url: "https://b/", secrets: [nowhere], events: [opened]}
              - {name: d, url: "https://b/", secrets: [{{Secret}}], headers: [{name: "a b", value: x}, {name: Svix-Id, value: "x"}]}
              - {name: e, url: "https://b/", secrets: [{{Secret}}], headers: [{name: a}, {name: b, value_file: nowhere}]}
            """);

        loaded.Problems.Select(problem => problem.ToString().Replace(_folder.Path + "/", "")).Order().ShouldBe(
        [
            "a.yaml:2: webhooks[0].batch: must be 1 to 100",
            "a.yaml:2: webhooks[0].name: must be 1 to 64 of a-z, 0-9, '.', '_', '-'",
            "a.yaml:2: webhooks[0].secrets: must be one, or two while one takes the other's place",
            "a.yaml:2: webhooks[0].url: 'ftp://x/' is no address such as https://hooks.example.com/mail",
            "a.yaml:3: webhooks[1].batch: must be 1 to 100",
            "a.yaml:3: webhooks[1].secrets[0]: is no secret: whsec_ and 24 to 64 octets in base64",
            "a.yaml:3: webhooks[1].timeout: must be 1s to 1m",
            "a.yaml:3: webhooks[1].url: must name no user or password; put them into headers",
            "a.yaml:4: webhooks[2].allow_private: '10.0.0.1/8x' is no network such as 10.0.0.0/8",
            "a.yaml:4: webhooks[2].name: there is another endpoint 'a'",
            "a.yaml:4: webhooks[2].secrets: must be one, or two while one takes the other's place",
            "a.yaml:4: webhooks[2].secrets[1]: wrong does not hold a secret: whsec_ and 24 to 64 octets in base64",
            "a.yaml:5: webhooks[3].events[0]: 'opened' is not allowed; one of: accepted, deferred, delivered, bounced, bounced_later, expired, complained, "
            + "suppressed, unsubscribed, held, moved, dropped, possible_duplicate, limit_changed, source_changed",
            "a.yaml:5: webhooks[3].secrets[0]: 'nowhere' cannot be read: Could not find file 'nowhere'.",
            "a.yaml:6: webhooks[4].headers[0].name: 'a b' is no header field's name",
            "a.yaml:6: webhooks[4].headers[1].name: Svix-Id is set by the node itself",
            "a.yaml:7: webhooks[5].headers[0].value: is needed, or value_file: one of the two",
            "a.yaml:7: webhooks[5].headers[1].value_file: nowhere cannot be read: Could not find file 'nowhere'.",
        ]);
    }

    private LoadedConfiguration Load(string yaml)
    {
        _folder.Write("a.yaml", yaml);
        return ConfigurationLoader.Load("a.yaml", new Dictionary<string, string> { ["XDG_STATE_HOME"] = _folder.Path }, _folder.Path);
    }
}
