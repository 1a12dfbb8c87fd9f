using System.Buffers;
using Shouldly;
using Webcluster.Submission.Content;
using Xunit;

namespace Webcluster.Submission.Tests.Content;

public sealed class ContentBufferTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(16 * 1024, 0)]
    [InlineData(16 * 1024 + 1, 0)]
    [InlineData(100_000, 100_000)]
    [InlineData(3_000_000, 0)]
    [InlineData(3_000_000, 10)]
    public void Take_WhatWasWritten_IsTheSame(int length, long expected)
    {
        var budget = new ContentBudget(16 << 20);
        var content = new byte[length];
        new Random(length).NextBytes(content);
        using (var buffer = new ContentBuffer(budget, limit: 4 << 20))
        {
            buffer.Begin(expected);
            var random = new Random(1);
            for (var at = 0; at < length;)
            {
                var part = Math.Min(random.Next(1, 70_000), length - at);
                buffer.Write(content.AsSpan(at, part));
                at += part;
            }

            buffer.Trouble.ShouldBe(ContentTrouble.None);
            buffer.Take().ShouldBe(content);
            // What is taken is in flight until it is stored.
            budget.InFlight.ShouldBeGreaterThanOrEqualTo(length);
        }

        budget.InFlight.ShouldBe(0);
    }

    [Theory]
    [InlineData(1000, false)]
    [InlineData(1001, true)]
    public void Write_AroundTheLimit_IsKeptOrForgotten(int length, bool isTooLarge)
    {
        var budget = new ContentBudget(1 << 20);
        using var buffer = new ContentBuffer(budget, limit: 1000);
        buffer.Begin(0);
        buffer.Write(new byte[length]);
        buffer.Trouble.ShouldBe(isTooLarge ? ContentTrouble.TooLarge : ContentTrouble.None);
        (budget.InFlight == 0).ShouldBe(isTooLarge);
        // The rest is taken all the same.
        buffer.Write(new byte[100_000]);
    }

    [Theory]
    [InlineData(16 * 1024, 1)]
    [InlineData(64 * 1024, 997)]
    [InlineData(100_000, 16 * 1024)]
    [InlineData(3_000_000, 70_000)]
    public void Write_BudgetOfOneMessage_TakesTheLargest(int limit, int part)
    {
        var budget = new ContentBudget(limit);
        foreach (var expected in new[] { 0, 20_000, limit })
        {
            using var buffer = new ContentBuffer(budget, limit);
            buffer.Begin(Math.Min(expected, limit));
            for (var at = 0; at < limit; at += part) buffer.Write(new byte[Math.Min(part, limit - at)]);
            // The end may come in a part of its own.
            buffer.Write(Array.Empty<byte>());
            buffer.Trouble.ShouldBe(ContentTrouble.None);
            buffer.Write(new byte[1]);
            buffer.Trouble.ShouldBe(ContentTrouble.TooLarge);
            budget.InFlight.ShouldBe(0);
        }
    }

    [Fact]
    public void Write_BudgetUsedUp_ForgetsAllAndTakesTheRest()
    {
        var budget = new ContentBudget(20_000);
        using var first = new ContentBuffer(budget, limit: 1 << 20);
        using var second = new ContentBuffer(budget, limit: 1 << 20);
        first.Begin(0);
        second.Begin(0);
        second.Trouble.ShouldBe(ContentTrouble.NoMemory);
        second.Write(new byte[100_000]);
        first.Write(new byte[16 * 1024]);
        first.Trouble.ShouldBe(ContentTrouble.None);
        first.Write(new byte[20_000]);
        first.Trouble.ShouldBe(ContentTrouble.NoMemory);
        budget.InFlight.ShouldBe(0);
    }

    [Fact]
    public async Task TryReserve_ManyAtOnce_NeverExceeds()
    {
        var budget = new ContentBudget(100);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var round = 0; round < 10_000; round++)
                if (budget.TryReserve(30)) budget.Release(30);
        })));
        budget.InFlight.ShouldBe(0);
        (budget.TryReserve(101), budget.TryReserve(100), budget.TryReserve(1)).ShouldBe((false, true, false));
    }
}
