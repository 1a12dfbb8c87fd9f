using System.Net;
using Shouldly;
using Webcluster.Providers.Mix;
using Webcluster.Providers.Model;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.EndToEnd.Providers;

/// <summary>The mix is fair: who keeps to the limits has no trouble, who ignores them has a lot.</summary>
public sealed class ProviderMixTests
{
    private static readonly IPAddress Source = IPAddress.Parse("192.0.2.1");

    public static TheoryData<string> Names => [.. ProviderMix.Named(real: true).Select(profile => profile.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void SenderAtTheBestRate_IsNeverRefused(string name)
    {
        var played = Play(name, times: 1);

        played.Refused.ShouldBe(0);
        played.Taken.ShouldBeGreaterThan((int)(60 * played.Profile.BestRate!.Value) - 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SenderSlightlyTooFast_IsRefusedSometimes_AndNotBlocked(string name)
    {
        var played = Play(name, times: 1.02);

        played.Record.Blocks.ShouldBeEmpty();
        played.Taken.ShouldBeGreaterThan((int)(59 * played.Profile.BestRate!.Value));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SenderThatIgnoresTheLimits_IsBlocked(string name)
    {
        var profile = Profile(name);
        if (profile.Limits.Messages is null) return;

        Play(name, times: 10).Record.Blocks.ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryLimit_HasItsReply(string name)
    {
        var profile = Profile(name);
        var kinds = new List<RefusalKind> { RefusalKind.UnknownUser, RefusalKind.Blocked };
        if (profile.Limits.Connections is not null) kinds.Add(RefusalKind.TooManyConnections);
        if (profile.Limits.ConnectionRate is not null) kinds.Add(RefusalKind.ConnectionsTooOften);
        if (profile.Limits.Messages is not null) kinds.Add(RefusalKind.TooManyMessages);
        if (profile.Limits.MessagesPerConnection is not null) kinds.Add(RefusalKind.TooManyOnConnection);
        if (profile.Greylisting is not null) kinds.Add(RefusalKind.Greylisted);

        profile.Replies.Keys.ShouldBe(kinds, ignoreOrder: true);
        profile.Replies.Values.ShouldAllBe(reply => reply.Code >= 400 && reply.Code < 600 && reply.Text.Length > 0);
    }

    [Fact]
    public void InventedNames_AreNobodysHosts() =>
        ProviderMix.Named(real: false).SelectMany(profile => profile.Hosts).ShouldAllBe(host => host.EndsWith(".example"));

    [Fact]
    public void ReplyOfSeveralLines_IsWrittenAsRfc5321Says() =>
        new ProviderReply(421, "4.7.28 [{ip}] too", "4.7.28 much").ToWire(Source, "")
            .ShouldBe("421-4.7.28 [192.0.2.1] too\r\n421 4.7.28 much\r\n");

    private static ProviderProfile Profile(string name) => ProviderMix.Named(real: true).Single(profile => profile.Name == name);

    /// <summary>An hour of mails at an even pace, each on a connection that has carried as many as it may.</summary>
    private static Played Play(string name, double times)
    {
        var clock = new ManualClock();
        var provider = new Provider(Profile(name), clock);
        var connection = provider.Connect(Source);
        var between = TimeSpan.FromMinutes(1 / provider.Profile.BestRate!.Value / times);
        for (var end = clock.Now.AddHours(1); clock.Now < end; clock.Advance(between))
        {
            if (connection.Messages == provider.Profile.Limits.MessagesPerConnection)
            {
                provider.Disconnect(connection);
                connection = provider.Connect(Source);
            }

            if (provider.Begin(connection) is null) provider.Take(connection, ["box@test.example"], []);
        }

        return new Played(provider.Profile, provider.Record);
    }

    private sealed record Played(ProviderProfile Profile, ProviderRecord Record)
    {
        public int Taken => Record.Taken;

        public int Refused => Record.Refused;
    }
}
