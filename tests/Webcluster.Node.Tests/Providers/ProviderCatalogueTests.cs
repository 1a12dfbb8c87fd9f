using System.Globalization;
using Shouldly;
using Webcluster.Delivery.Wire;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Providers.Replies;
using Webcluster.Node.Providers;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;
using Xunit;

namespace Webcluster.Node.Tests.Providers;

public class ProviderCatalogueTests
{
    private readonly ProviderCatalogue _catalogue = ProviderCatalogueFile.Read();

    [Fact]
    public void Catalogue_Linter_FindsNothing()
    {
        // As if an operator had written it; only he may not repeat what the catalogue has.
        var setup = new ProviderSetup(new ProviderCatalogue(), _catalogue.Providers, [], new ProviderDefaults());
        new ProviderLint(setup, new ProviderSurroundings([], [], [])).Problems().ShouldBeEmpty();
    }

    [Fact]
    public void Catalogue_EveryNumber_HasExactlyOneBasisWithADate()
    {
        foreach (var provider in _catalogue.Providers)
        {
            var bases = provider.Basis.SelectMany(basis => basis.For).ToList();
            bases.ShouldBe(Values(provider).Order(), ignoreOrder: true, customMessage: provider.Name);
            foreach (var basis in provider.Basis)
            {
                basis.From.ShouldNotBeEmpty(provider.Name);
                DateOnly.TryParseExact(basis.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                    .ShouldBeTrue(provider.Name);
            }
        }
    }

    [Theory]
    [InlineData("gmail.com", "gmail-smtp-in.l.google.com alt1.gmail-smtp-in.l.google.com", "google")]
    [InlineData("example.com", "aspmx.l.google.com aspmx2.googlemail.com", "google")]
    [InlineData("yahoo.com", "mta5.am0.yahoodns.net", "yahoo")]
    [InlineData("hotmail.com", "hotmail-com.olc.protection.outlook.com", "outlook")]
    [InlineData("example.com", "example-com.mail.protection.outlook.com", "office365")]
    [InlineData("icloud.com", "mx01.mail.icloud.com", "apple")]
    [InlineData("web.de", "mx-ha02.web.de", "gmx")]
    [InlineData("wanadoo.fr", "smtp-in.orange.fr", "orange")]
    [InlineData("t-online.de", "", "t-online")]
    [InlineData("example.com", "mx1.example.com", "mx1.example.com")]
    public void Catalogue_RealMxHosts_AreRolledUp(string domain, string hosts, string expected) =>
        Book().ProviderOf(domain, hosts.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ShouldBe(expected);

    [Fact]
    public void Catalogue_Google_HasItsLimits()
    {
        var policy = Book().PolicyOf(new LaneKey("google", "gmail-smtp-in.l.google.com", "default"));
        (policy.Source.Connections, policy.Source.MessagesPerConnection, policy.Provider.Connections).ShouldBe((5, 50, null));
        policy.Settings.Single(setting => setting.Path == "per_source.connections").Origin
            .ShouldBe("catalogue, google: KumoMTA shaping.toml, 2026-08-04");
    }

    [Theory]
    // The rules for every provider, by what any server may say.
    [InlineData("421 4.3.2 mx.test Too many connections from your host", "too-many-connections")]
    [InlineData("450 4.7.1 mx.test Error: too much mail from 192.0.2.1", "slower")]
    [InlineData("421 4.7.1 slow down please", "slower")]
    [InlineData("451 4.7.1 Greylisting in action, slow down", "greylisting")]
    [InlineData("450 4.2.1 <a@b>: this user's rate limit", null)]
    [InlineData("550 5.1.1 <too many connections@a.test>: user unknown", null)]
    [InlineData("421 4.7.0 go away", null)]
    [InlineData("421 4.4.2 mx.test Error: timeout exceeded", "connection-ended")]
    [InlineData("451 4.7.0 go away", null)]
    [InlineData("452 4.3.1 Insufficient system storage", null)]
    [InlineData("421 4.7.27 Your email has been rate limited because SPF authentication didn't pass.", "sender-authentication")]
    public void Catalogue_AnyProvider_ReplyMeans(string line, string? expected)
    {
        RuleFor(new Refusal(Reply(line), Stage.Rcpt)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("421 4.7.0 go away", Stage.Banner, "sent-away")]
    [InlineData("451 4.7.0 go away", Stage.Mail, "sent-away")]
    [InlineData("450 4.1.8 a@b: Sender address rejected: Domain not found", Stage.Mail, null)]
    [InlineData("451 4.7.1 Greylisted, come back", Stage.Mail, "greylisting")]
    [InlineData("421 4.3.2 Service shutting down", Stage.Banner, "connection-ended")]
    [InlineData("550 5.7.1 go away", Stage.Mail, null)]
    public void Catalogue_AnyProviderSendsTheSenderAway_GoesSlower(string line, Stage stage, string? expected)
    {
        RuleFor(new Refusal(Reply(line), stage)).ShouldBe(expected);
    }

    private string? RuleFor(Refusal refusal) => Book().PolicyOf(new LaneKey("mx.test", "mx.test", "default")).Rules.Find(refusal)?.Name;

    private static SmtpReply Reply(string line)
    {
        var space = line.IndexOf(' ', 4);
        EnhancedCode.TryParse(line.AsSpan(4, space - 4), out var enhanced).ShouldBeTrue();
        return new SmtpReply(int.Parse(line.AsSpan(0, 3), CultureInfo.InvariantCulture), enhanced, line[(space + 1)..]);
    }

    private ProviderBook Book() => new(ProviderSetup.Empty with { Catalogue = _catalogue });

    private static IEnumerable<string> Values(CatalogueProvider provider)
    {
        var lane = new LaneKey(provider.Name, provider.Name, "default");
        var alone = new ProviderBook(ProviderSetup.Empty with { Catalogue = new ProviderCatalogue { Providers = [provider] } });
        return alone.PolicyOf(lane).Settings
            .Where(setting => setting.Origin.StartsWith("catalogue", StringComparison.Ordinal))
            .Select(setting => setting.Path);
    }
}
