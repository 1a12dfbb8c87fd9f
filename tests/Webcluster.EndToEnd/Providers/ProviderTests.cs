using System.Net;
using Shouldly;
using Webcluster.Providers.Model;
using Webcluster.Queue.Traffic;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.EndToEnd.Providers;

public sealed class ProviderTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1"), Two = IPAddress.Parse("192.0.2.2");

    private readonly ManualClock _clock = new();
    private readonly Provider _provider;

    public ProviderTests() => _provider = new Provider(
        new ProviderProfile
        {
            Name = "test", Domains = ["test.example"], Hosts = ["mx.test.example"], Greylisting = TimeSpan.FromMinutes(5),
            Limits = new TrafficLimits
            {
                Connections = 2, MessagesPerConnection = 3, Messages = Rate.Parse("6/min,burst=4"),
                ConnectionRate = Rate.Parse("60/min,burst=5"),
            },
            Reputation = new ReputationRules(Cost: 25, MostPerMinute: 100, RecoversPerMinute: 1, Block: TimeSpan.FromMinutes(30)),
            Replies = new Dictionary<RefusalKind, ProviderReply>(),
        },
        _clock);

    [Fact]
    public void ThirdConnection_IsRefused_UntilOneIsClosed_ForThatSourceOnly()
    {
        var first = _provider.Connect(One);
        _provider.Connect(One).Refusal.ShouldBeNull();
        var third = _provider.Connect(One);
        third.Refusal.ShouldBe(RefusalKind.TooManyConnections);
        _provider.Connect(Two).Refusal.ShouldBeNull();
        _provider.Record.MostConnections.ShouldBe(3);

        // Twice is once.
        _provider.Disconnect(third);
        _provider.Disconnect(third);
        _provider.Connect(One).Refusal.ShouldBe(RefusalKind.TooManyConnections);
        _provider.Disconnect(first);
        _provider.Connect(One).Refusal.ShouldBe(RefusalKind.TooManyConnections, "the fourth is still open");
    }

    [Fact]
    public void SixthConnectionAtOnce_IsTooOften()
    {
        for (var i = 0; i < 5; i++) OpenAndClose().ShouldBeNull();
        OpenAndClose().ShouldBe(RefusalKind.ConnectionsTooOften);
        _clock.Advance(TimeSpan.FromSeconds(1));
        OpenAndClose().ShouldBeNull();
    }

    [Fact]
    public void FourthMessageOnAConnection_IsRefused_AndTheBucketRunsDry()
    {
        var connection = _provider.Connect(One);
        for (var i = 0; i < 3; i++) _provider.Begin(connection).ShouldBeNull();
        _provider.Begin(connection).ShouldBe(RefusalKind.TooManyOnConnection);

        var next = _provider.Connect(One);
        _provider.Begin(next).ShouldBeNull();
        _provider.Begin(next).ShouldBe(RefusalKind.TooManyMessages);
        _clock.Advance(TimeSpan.FromSeconds(10));
        _provider.Begin(next).ShouldBeNull();
    }

    [Fact]
    public void FourthOffence_Blocks_WithItsCause_AndConnectionsAreRefusedForIt()
    {
        var connection = _provider.Connect(One);
        for (var i = 0; i < 3; i++) _provider.Begin(connection);
        for (var i = 0; i < 4; i++) _provider.Begin(connection).ShouldBe(RefusalKind.TooManyOnConnection);

        var block = _provider.Record.Blocks.ShouldHaveSingleItem();
        block.ShouldBe(new Block(One, RefusalKind.TooManyOnConnection, _clock.Now, _clock.Now + TimeSpan.FromMinutes(30)));
        _provider.Begin(connection).ShouldBe(RefusalKind.Blocked);
        _provider.Connect(One).Refusal.ShouldBe(RefusalKind.Blocked);
        _provider.Connect(Two).Refusal.ShouldBeNull();
    }

    [Fact]
    public void StrangersAndUnknownUsers_AreRefused_AndThatCostsNothing()
    {
        var connection = _provider.Connect(One);
        for (var i = 0; i < 50; i++)
        {
            _provider.Recipient(connection, "s@a.example", $"{i}unknown-user-b1@test.example").ShouldBe(RefusalKind.UnknownUser);
            _provider.Recipient(connection, "s@a.example", "box@test.example").ShouldBe(RefusalKind.Greylisted);
        }

        _provider.Record.Blocks.ShouldBeEmpty();
        _clock.Advance(TimeSpan.FromMinutes(5));
        _provider.Recipient(connection, "s@a.example", "box@test.example").ShouldBeNull();
    }

    [Fact]
    public void Greylist_SourceThatCameBackFiveTimes_IsKnown()
    {
        var connection = _provider.Connect(One);
        for (var i = 0; i < 5; i++) _provider.Recipient(connection, "s@a.example", $"{i}@test.example").ShouldBe(RefusalKind.Greylisted);
        _clock.Advance(TimeSpan.FromMinutes(5));
        for (var i = 0; i < 4; i++) _provider.Recipient(connection, "s@a.example", $"{i}@test.example").ShouldBeNull();
        _provider.Recipient(connection, "s@a.example", "new@test.example").ShouldBe(RefusalKind.Greylisted);

        _provider.Recipient(connection, "s@a.example", "4@test.example").ShouldBeNull();

        _provider.Recipient(connection, "s@a.example", "newer@test.example").ShouldBeNull();
    }

    [Fact]
    public void Record_HoldsWhatWasTakenAndWhatWasRefused()
    {
        var connection = _provider.Connect(One);
        connection.Hello = "client.example";
        _provider.Begin(connection);
        _provider.Take(connection, ["a@test.example", "b@test.example"], ["gone@other.example"]);
        _provider.Recipient(connection, "s@a.example", "unknown-user@test.example");

        _provider.Record.Taken.ShouldBe(2);
        _provider.Record.Refused.ShouldBe(1);
        _provider.Record.Failed.ShouldBe(["gone@other.example"]);
        _provider.Record.Attempts[0].ShouldBe(new Attempt(_clock.Now, One, "client.example", "a@test.example", Refusal: null));
        _provider.Record.Attempts[2].Refusal.ShouldBe(RefusalKind.UnknownUser);
    }

    private RefusalKind? OpenAndClose()
    {
        var admission = _provider.Connect(One);
        _provider.Disconnect(admission);
        return admission.Refusal;
    }
}
