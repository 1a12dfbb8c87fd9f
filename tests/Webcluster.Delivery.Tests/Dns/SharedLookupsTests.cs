using Shouldly;
using Webcluster.Delivery.Dns;
using Webcluster.Protocol.Dns;
using Xunit;

namespace Webcluster.Delivery.Tests.Dns;

public sealed class SharedLookupsTests
{
    private static readonly DnsQuestion A = new("a", DnsType.A);
    private static readonly DnsQuestion B = new("b", DnsType.A);
    private static readonly DnsAnswer<DnsRecord> Answer = new(DnsStatus.NoData, [], TimeSpan.Zero, false);

    private readonly TaskCompletionSource<DnsAnswer<DnsRecord>> _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _started = new(0);
    private int _count;

    private SharedLookups Create(int most) => new(most, async (_, cancellation) =>
    {
        Interlocked.Increment(ref _count);
        _started.Release();
        return await _gate.Task.WaitAsync(cancellation);
    });

    [Fact]
    public async Task RunAsync_SameQuestion_RunsOnce()
    {
        await using var lookups = Create(10);
        var waiters = Enumerable.Range(0, 20).Select(_ => lookups.RunAsync(A, default)).ToList();
        await _started.WaitAsync();
        _gate.SetResult(Answer);
        (await Task.WhenAll(waiters)).ShouldAllBe(a => a == Answer);
        _count.ShouldBe(1);
    }

    [Fact]
    public async Task RunAsync_CallerGivesUp_OthersStillGetTheAnswer()
    {
        await using var lookups = Create(10);
        using var givesUp = new CancellationTokenSource();
        var first = lookups.RunAsync(A, givesUp.Token);
        await _started.WaitAsync();
        var second = lookups.RunAsync(A, default);
        await givesUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        _gate.SetResult(Answer);
        (await second).ShouldBe(Answer);
        _count.ShouldBe(1);
    }

    [Fact]
    public async Task RunAsync_AllPlacesTaken_WaitsAndCanGiveUp()
    {
        await using var lookups = Create(1);
        var first = lookups.RunAsync(A, default);
        await _started.WaitAsync();
        using var givesUp = new CancellationTokenSource();
        var waiting = lookups.RunAsync(B, givesUp.Token);
        var patient = lookups.RunAsync(B, default);
        _count.ShouldBe(1);
        await givesUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        _gate.SetResult(Answer);
        await Task.WhenAll(first, patient);
        _count.ShouldBe(2);
    }

    [Fact]
    public async Task RunAsync_AfterEnd_RunsAgainAndPlacesAreFree()
    {
        await using var lookups = Create(1);
        _gate.SetResult(Answer);
        for (var i = 0; i < 100; i++) await lookups.RunAsync(A, default);
        _count.ShouldBe(100);
    }

    [Fact]
    public async Task RunAsync_LookupFails_GivesItsPlaceBack()
    {
        var fails = true;
        await using var lookups = new SharedLookups(1, (_, _) => fails ? throw new InvalidOperationException() : Task.FromResult(Answer));
        await Should.ThrowAsync<InvalidOperationException>(lookups.RunAsync(A, default));
        fails = false;
        (await lookups.RunAsync(A, default)).ShouldBe(Answer);
    }

    [Fact]
    public async Task DisposeAsync_LookupsUnderWay_AreEnded()
    {
        var lookups = Create(10);
        var waiter = lookups.RunAsync(A, default);
        await _started.WaitAsync();
        await lookups.DisposeAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiter);
    }
}
