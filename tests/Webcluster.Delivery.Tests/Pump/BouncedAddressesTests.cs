using Microsoft.Extensions.Logging;
using Shouldly;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Pump;
using Webcluster.Protocol.Classification;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Suppression;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Suppression;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

public sealed class BouncedAddressesTests
{
    private static readonly ReplyClassification Unknown = Sure(BounceClass.InvalidRecipient, true);
    private static readonly ReplyClassification Full = Sure(BounceClass.MailboxFull, true);

    private readonly NaiveSuppressionList _list = new();
    private readonly NaiveSoftFailures _failures = new();
    private readonly SuppressionOptions _options = new() { RepeatedSoft = { Count = 3 } };
    private readonly ManualClock _clock = new();
    private readonly TestLog _log = new();

    [Fact]
    public async Task Suppress_Unknown_IsOnTheListAtOnceAndTheEventSaysSo()
    {
        (await SuppressAsync(Make(), MailEventKind.Bounced, Unknown)).Suppressing.ShouldBe(true);

        var entry = _list.Entries.ShouldHaveSingleItem();
        (entry.Reason, entry.Key.Tenant, entry.Key.Address.ToString()).ShouldBe((SuppressionReason.HardBounce, "shop", "anna@to.test"));
    }

    [Fact]
    public async Task Suppress_HardBouncesOff_ChangesNothing()
    {
        _options.HardBounces = false;

        (await SuppressAsync(Make(), MailEventKind.Bounced, Unknown)).Suppressing.ShouldBeNull();

        _list.Entries.ShouldBeEmpty();
        _failures.CountOf("anna@to.test", "shop").ShouldBe(0);
    }

    [Fact]
    public async Task Suppress_FullAgainAndAgain_IsOnTheListAtTheThirdMessage()
    {
        var addresses = Make();
        (await SuppressAsync(addresses, MailEventKind.Bounced, Full)).Suppressing.ShouldBeNull();
        (await SuppressAsync(addresses, MailEventKind.Expired, Full with { Permanent = false })).Suppressing.ShouldBeNull();

        (await SuppressAsync(addresses, MailEventKind.Bounced, Full)).Suppressing.ShouldBe(true);

        var entry = _list.Entries.ShouldHaveSingleItem();
        (entry.Reason, entry.ExpiresAt, entry.Note).ShouldBe(
            (SuppressionReason.RepeatedSoft, _clock.Now.AddDays(30), "3 messages failed, the last: mailbox-full"));
        entry.Problems().ShouldBeEmpty();
        _log.Entries.ShouldHaveSingleItem().Id.ShouldBe(3024);
        _failures.CountOf("anna@to.test", "shop").ShouldBe(0, "who is taken off the list begins anew");
    }

    [Fact]
    public async Task Suppress_DeliveredInBetween_CountsAnew()
    {
        var addresses = Make();
        await SuppressAsync(addresses, MailEventKind.Bounced, Full);
        await SuppressAsync(addresses, MailEventKind.Bounced, Full);
        await SuppressAsync(addresses, MailEventKind.Delivered, null);
        _failures.CountOf("anna@to.test", "shop").ShouldBe(0);

        await SuppressAsync(addresses, MailEventKind.Bounced, Full);

        _list.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Suppress_DeliveriesToOthers_AskNothing()
    {
        var addresses = Make();
        await SuppressAsync(addresses, MailEventKind.Delivered, null);
        await SuppressAsync(addresses, MailEventKind.Bounced, Full);
        await SuppressAsync(addresses, MailEventKind.Delivered, null, "bernd@to.test");

        _failures.Forgotten.ShouldBe(0);
        _failures.CountOf("anna@to.test", "shop").ShouldBe(1);
    }

    public static TheoryData<MailEventKind, ReplyClassification?> NoSoftFailures => new()
    {
        { MailEventKind.Deferred, Full },
        { MailEventKind.Suppressed, null },
        { MailEventKind.Expired, null },
        { MailEventKind.Bounced, null },
        { MailEventKind.Bounced, Sure(BounceClass.Policy, true) },
        { MailEventKind.Bounced, Full with { By = ClassifiedBy.Model } },
        { MailEventKind.Bounced, Full with { Confidence = 0.89 } },
    };

    [Theory]
    [MemberData(nameof(NoSoftFailures))]
    public async Task Suppress_WhatSaysNothingSureOfTheAddress_CountsNothing(MailEventKind kind, ReplyClassification? meaning)
    {
        await SuppressAsync(Make(), kind, meaning);
        _failures.CountOf("anna@to.test", "shop").ShouldBe(0);
    }

    [Fact]
    public async Task Suppress_RepeatedSoftOff_CountsNothing()
    {
        _options.RepeatedSoft.Count = 0;
        await SuppressAsync(Make(), MailEventKind.Bounced, Full);
        _failures.CountOf("anna@to.test", "shop").ShouldBe(0);
    }

    [Fact]
    public async Task Suppress_StoreAway_TheEventIsToldAllTheSame()
    {
        _failures.IsAway = true;

        (await SuppressAsync(Make(), MailEventKind.Bounced, Full)).Suppressing.ShouldBeNull();

        _log.Entries.ShouldHaveSingleItem().Id.ShouldBe(3022);
    }

    [Fact]
    public async Task Suppress_ListRefusesTheEntry_TheEventIsToldAllTheSame()
    {
        (await SuppressAsync(Make(), MailEventKind.Bounced, Unknown, tenant: "no name")).Suppressing.ShouldBeNull();

        _list.Entries.ShouldBeEmpty();
        _log.Entries.ShouldHaveSingleItem().Id.ShouldBe(3026);
    }

    private BouncedAddresses Make()
    {
        var suppressions = new Suppressions(_list, _options);
        return new BouncedAddresses(
            suppressions, new RepeatedSoft(_failures, suppressions, _options.RepeatedSoft, _clock), new DeliveryLog(new Logger<DeliveryLog>(_log)));
    }

    /// <summary>Of another message each time.</summary>
    private async Task<MailEvent> SuppressAsync(
        BouncedAddresses addresses, MailEventKind kind, ReplyClassification? meaning, string recipient = "Anna@to.test",
        string tenant = "shop")
    {
        var happened = new MailEvent
        {
            Kind = kind, At = _clock.Now, Message = MessageId.New(_clock.Now).ToString(), Tenant = tenant, Recipient = recipient,
            Bounce = meaning?.Class.Text(),
        };
        return (await addresses.SuppressAsync([new RecipientEvent(happened, meaning)], CancellationToken.None)).ShouldHaveSingleItem();
    }

    private static ReplyClassification Sure(BounceClass found, bool permanent) => new(found, permanent, ClassifiedBy.Rule, 1, "rule");
}
