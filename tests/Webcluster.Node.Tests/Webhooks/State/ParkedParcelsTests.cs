using Shouldly;
using Webcluster.Node.Webhooks.Payloads;
using Webcluster.Node.Webhooks.State;
using Xunit;

namespace Webcluster.Node.Tests.Webhooks.State;

public sealed class ParkedParcelsTests
{
    private readonly ParkedParcels _parked = new();

    [Fact]
    public void Heads_AreTheFirstOfTheirMessages()
    {
        Park(1, "a");
        Park(2, "b");
        Park(3, "a");
        Park(4, null);
        Park(5, null);
        Park(6, "b");

        Heads().ShouldBe(["evt-1", "evt-2", "evt-4", "evt-5"]);

        _parked.Remove(_parked.All[0].Parcel);
        Heads().ShouldBe(["evt-2", "evt-3", "evt-4", "evt-5"]);
        _parked.Holds("a").ShouldBeTrue();
        _parked.Remove(_parked.All[1].Parcel);
        _parked.Holds("a").ShouldBeFalse();
        _parked.Holds(null).ShouldBeFalse();
    }

    [Fact]
    public void TryAdd_BeyondTheCount_WaitsUntilOneWasTriedOftenEnough()
    {
        for (var i = 0; i < ParkedParcels.Most; i++) Park(i, $"m{i}").ShouldBeTrue();
        Park(1000, "x").ShouldBeFalse();

        _parked.Replace(_parked.All[5], 2, default);
        Park(1000, "x").ShouldBeFalse("twice is not often");
        _parked.Replace(_parked.All[5], 3, default);
        _parked.Replace(_parked.All[9], 4, default);

        _parked.TryAdd(Parked(1000, "x"), out var madeWay).ShouldBeTrue();

        madeWay!.Parcel.Id.ShouldBe("evt-9");
        _parked.All.Count.ShouldBe(ParkedParcels.Most);
        _parked.All[^1].Parcel.Id.ShouldBe("evt-1000");
    }

    [Fact]
    public void TryAdd_LargeParcels_AreBoundedByOctets()
    {
        var state = new EndpointState();
        while (state.Parked.TryAdd(Large(state.Parked.All.Count), out _)) state.Parked.All.Count.ShouldBeLessThan(ParkedParcels.Most);

        EndpointStateJson.Encode(state).Length.ShouldBeInRange(500 * 1024, 700 * 1024);
    }

    [Fact]
    public void StoredOctets_AreNoLessThanWhatIsStored()
    {
        var state = new EndpointState();
        state.Parked.TryAdd(Large(1), out _);
        state.Parked.TryAdd(Parked(2, null), out _);

        var stored = EndpointStateJson.Encode(state).Length - EndpointStateJson.Encode(new EndpointState()).Length;

        stored.ShouldBeLessThanOrEqualTo(state.Parked.All.Sum(one => one.Parcel.StoredOctets));
    }

    private static ParkedParcel Large(int number)
    {
        var events = Enumerable.Range(0, 100).Select(i => WebhookSamples.Stored(number * 100 + i, Guid.NewGuid().ToString())).ToList();
        return new ParkedParcel(new ParcelWriter(100).Pack(events), 10, WebhookSamples.At) with { Failures = 0 };
    }

    private static ParkedParcel Parked(int number, string? message) =>
        new(new ParcelWriter(1).Pack([WebhookSamples.Stored(number, message)]), 0, WebhookSamples.At);

    private bool Park(int number, string? message) => _parked.TryAdd(Parked(number, message), out _);

    private IEnumerable<string> Heads() => _parked.Heads().Select(one => one.Parcel.Id);
}
