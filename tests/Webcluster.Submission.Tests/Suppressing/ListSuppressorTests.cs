using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Suppression;
using Webcluster.Submission.Suppressing;
using Webcluster.TestKit.Suppression;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Submission.Tests.Suppressing;

public sealed class ListSuppressorTests
{
    [Fact]
    public async Task Suppress_Recipient_IsOnTheTenantsListWithItsReason()
    {
        var clock = new ManualClock();
        var options = new SuppressionOptions { Expiry = new SuppressionExpiry { Complaint = TimeSpan.FromDays(90) } };
        var suppressions = new Suppressions(new NaiveSuppressionList(), options);
        var ann = new Mailbox("Ann", "example.org");
        var repeated = new RepeatedSoft(new NaiveSoftFailures(), suppressions, options.RepeatedSoft, clock);
        (await new ListSuppressor(suppressions, repeated, clock).SuppressAsync(
            new SuppressedRecipient("shop", ann, SuppressionReason.Complaint, "019aab5c-0001-7000-8000-0123456789ab", "report by mail"),
            CancellationToken.None)).ShouldBeTrue();

        var entry = (await suppressions.FindAsync("shop", [ann], CancellationToken.None)).Single().ShouldNotBeNull();
        entry.Reason.ShouldBe(SuppressionReason.Complaint);
        entry.Source.ShouldBe("019aab5c-0001-7000-8000-0123456789ab");
        entry.ExpiresAt.ShouldBe(clock.GetUtcNow() + TimeSpan.FromDays(90));
        (await suppressions.FindAsync("other", [ann], CancellationToken.None)).Single().ShouldBeNull();
    }

    [Fact]
    public async Task Suppress_HardBounceWhereTheyAreNotTaken_IsNotOnTheList()
    {
        var options = new SuppressionOptions { HardBounces = false };
        var suppressions = new Suppressions(new NaiveSuppressionList(), options);
        var suppressor = new ListSuppressor(
            suppressions, new RepeatedSoft(new NaiveSoftFailures(), suppressions, options.RepeatedSoft, new ManualClock()), new ManualClock());
        var ann = new Mailbox("Ann", "example.org");

        (await SuppressAsync(SuppressionReason.HardBounce)).ShouldBeFalse();
        (await suppressions.FindAsync("shop", [ann], CancellationToken.None)).ShouldBe([null]);
        (await SuppressAsync(SuppressionReason.Complaint)).ShouldBeTrue();
        (await suppressions.FindAsync("shop", ann, CancellationToken.None))!.Reason.ShouldBe(SuppressionReason.Complaint);

        ValueTask<bool> SuppressAsync(SuppressionReason reason) => suppressor.SuppressAsync(
            new SuppressedRecipient("shop", ann, reason, "019aab5c-0001-7000-8000-0123456789ab", "report by mail"), CancellationToken.None);
    }

    [Fact]
    public async Task Suppress_WhatMayPass_IsOnTheListWhenItCameOften()
    {
        var options = new SuppressionOptions { RepeatedSoft = { Count = 2 } };
        var suppressions = new Suppressions(new NaiveSuppressionList(), options);
        var suppressor = new ListSuppressor(
            suppressions, new RepeatedSoft(new NaiveSoftFailures(), suppressions, options.RepeatedSoft, new ManualClock()), new ManualClock());
        var ann = new Mailbox("Ann", "example.org");

        (await SuppressAsync("019aab5c-0001-7000-8000-0123456789ab")).ShouldBeFalse();
        (await suppressions.FindAsync("shop", [ann], CancellationToken.None)).ShouldBe([null]);
        (await SuppressAsync("019aab5c-0001-7000-8000-0123456789ac")).ShouldBeTrue();
        (await suppressions.FindAsync("shop", [ann], CancellationToken.None)).Single().ShouldNotBeNull().Reason.ShouldBe(SuppressionReason.RepeatedSoft);

        ValueTask<bool> SuppressAsync(string message) => suppressor.SuppressAsync(
            new SuppressedRecipient("shop", ann, SuppressionReason.RepeatedSoft, message, "report by mail"), CancellationToken.None);
    }
}
