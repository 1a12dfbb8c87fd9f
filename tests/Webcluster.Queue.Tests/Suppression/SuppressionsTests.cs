using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Suppression;
using Webcluster.TestKit.Suppression;
using Xunit;

namespace Webcluster.Queue.Tests.Suppression;

public sealed class SuppressionsTests
{
    private static readonly Mailbox Anna = new("Anna", "rcpt.example");
    private readonly NaiveSuppressionList _list = new();
    private readonly AddressHash _hash = new(new string('s', 32));

    [Fact]
    public async Task Find_OtherCase_IsFound()
    {
        _list.Add("ANNA@rcpt.example");

        (await new Suppressions(_list, new()).FindAsync("acme", [Anna], CancellationToken.None)).ShouldHaveSingleItem().ShouldNotBeNull();
    }

    [Fact]
    public async Task Add_WithASecret_KeepsTheHashAloneAndStillFindsTheAddress()
    {
        _list.Add("anna@rcpt.example", "acme");
        var suppressions = new Suppressions(_list, new(), _hash);
        (await suppressions.FindAsync("acme", [Anna], CancellationToken.None)).ShouldHaveSingleItem().ShouldNotBeNull();

        await suppressions.AddAsync([.. _list.Entries], CancellationToken.None);

        _list.Entries.ShouldHaveSingleItem().Key.Address.ShouldBe(_hash.Of(SuppressedAddress.Of(Anna)));
        (await suppressions.FindAsync("acme", [Anna], CancellationToken.None)).ShouldHaveSingleItem().ShouldNotBeNull();
        (await suppressions.FindAsync("other", [Anna], CancellationToken.None)).ShouldBe([null]);
        (await suppressions.RemoveAsync(new SuppressionKey("acme", SuppressedAddress.Of(Anna)), CancellationToken.None)).ShouldBeTrue();
        _list.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Find_WithASecret_AsksOnceForAll()
    {
        await new Suppressions(_list, new(), _hash).FindAsync("acme", [Anna, Anna with { LocalPart = "bernd" }], CancellationToken.None);

        _list.Asked.ShouldHaveSingleItem().Count.ShouldBe(4);
    }

    [Theory]
    [InlineData(SuppressionAtRcpt.Refuse, 59, false)]
    [InlineData(SuppressionAtRcpt.Refuse, 60, true)]
    [InlineData(SuppressionAtRcpt.Accept, 0, true)]
    public void ChecksBeforeAttempt_ByAge_WhatRcptHasJustLookedUpIsNot(SuppressionAtRcpt atRcpt, int seconds, bool expected) =>
        new Suppressions(_list, new() { AtRcpt = atRcpt }).ChecksBeforeAttempt(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);

    [Theory]
    [InlineData(SuppressionReason.HardBounce, null)]
    [InlineData(SuppressionReason.RepeatedSoft, 30)]
    [InlineData(SuppressionReason.Complaint, null)]
    [InlineData(SuppressionReason.Unsubscribe, null)]
    [InlineData(SuppressionReason.Manual, null)]
    public void Expiry_ByDefault_IsOfSoftBouncesAlone(SuppressionReason reason, int? days)
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(20_000);

        new SuppressionExpiry().EndOf(reason, now).ShouldBe(days is { } some ? now.AddDays(some) : null);
    }

    [Fact]
    public void Options_OutOfRange_AreAllNamed()
    {
        var options = new SuppressionOptions { RecheckAfter = TimeSpan.FromSeconds(-1), Expiry = new() { Manual = TimeSpan.FromMilliseconds(10), Complaint = TimeSpan.FromDays(-1) } };

        options.Problems().Select(problem => problem.Key).ShouldBe(["recheck_after", "expiry.complaint", "expiry.manual"]);
        new SuppressionOptions().Problems().ShouldBeEmpty();
    }
}
