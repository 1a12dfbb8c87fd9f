using Shouldly;
using Webcluster.Node.Cli;
using Webcluster.Node.Http;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;
using Xunit;

namespace Webcluster.Node.Tests.Cli;

public sealed class WaitingTextTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_ADelivery_SaysWhenItIsTriedAndWhatItWasTold() => string.Join('\n', WaitingText.Of(new WaitingView([Delivery], []))).ShouldBe("""
        delivery 1#0
          lane        google/mx|default
          waits       held
          rule        hold tenant shop until 2026-11-22T12:00:00Z, by anna: look into it (R1)
          next try    2026-11-22T12:00:00Z
          attempts    2
          last reply  450 4.2.1 ?[31mcome back later
        """);

    [Fact]
    public void Of_ALane_SaysWhatLimitsIt() => string.Join('\n', WaitingText.Of(new WaitingView([], [Lane]))).ShouldBe("""
        lane google/mx|default
          provider    google
          waits       warmup_budget
          next due    2026-11-22T12:00:00Z
          mail        1200 ready, 2 scheduled, 3 under way, 4 held
          sessions    5 of 6
          limit       limits.connections 5  (traffic[0])
          source      new: 1 connections, suspended until 2026-11-22T12:00:00Z, 30 messages a minute, at most 2 connections, 20 messages per connection, warm-up default step 3, 100 used, since 2026-11-22T12:00:00Z: 421 slow down
          source      system: 0 connections
        """);

    [Fact]
    public void Of_WhatCanGo_SaysNo() =>
        WaitingText.Of(new WaitingView([Delivery with { Waits = null, Rule = null }], [])).ShouldContain("  waits       no: it is under way, or goes next");

    private static WaitingDelivery Delivery => new()
    {
        Id = "1#0", Lane = "google/mx|default", Attempts = 2, NextAttempt = At, Waits = WaitReason.Held,
        Rule = new HoldingRuleView
        {
            Id = "R1", Action = RuleAction.Hold, Scope = RuleScope.Tenant, Value = "shop", Reason = "look into it", Author = "anna", Until = At,
        },
        LastReplies = ["450 4.2.1 \u001b[31mcome back\r\nlater"],
    };

    private static WaitingLane Lane => new()
    {
        Lane = "google/mx|default", Provider = "google", Site = "mx", Pool = "default", Counts = new WaitingCounts(1200, 2, 3, 4, 5, Window: 6),
        Waits = WaitReason.WarmupBudget, NextDue = At, Rule = null,
        Limits = [new WaitingLimit("limits.connections", "5", "traffic[0]")],
        Sources =
        [
            new TrafficStatus("google", "new", 1, 0.5, 2, 20, At, "421 slow down", At, new WarmupStatus("default", 3, 100)),
            new TrafficStatus("google", "", 0, null, null, null, null, null, null, null),
        ],
    };
}
