using Shouldly;
using Webcluster.Queue.Embedded.Indexing;
using Xunit;

namespace Webcluster.Queue.Tests.Embedded.Indexing;

public sealed class HeapTests
{
    [Fact]
    public void Top_EqualKeys_GoesByTie()
    {
        var heap = new Heap<HeapPlace<int>>();
        heap.Set(new HeapPlace<int>(2, tie: 2), 7);
        heap.Set(new HeapPlace<int>(1, tie: 1), 7);

        heap.Top!.Owner.ShouldBe(1);
    }

    [Fact]
    public void Remove_WhatIsNotInIt_ChangesNothing()
    {
        var heap = new Heap<HeapPlace<int>>();
        heap.Set(new HeapPlace<int>(1, 1), 1);

        heap.Remove(new HeapPlace<int>(2, 2));

        heap.Count.ShouldBe(1);
    }

    [Fact]
    public void Heap_RandomChanges_AlwaysHasTheSmallestOnTop()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        var heap = new Heap<HeapPlace<int>>();
        var places = Enumerable.Range(0, 50).Select(i => new HeapPlace<int>(i, i)).ToArray();
        var inside = new HashSet<HeapPlace<int>>();
        for (var turn = 0; turn < 20_000; turn++)
        {
            var place = places[random.Next(places.Length)];
            if (random.Next(3) == 0)
            {
                heap.Remove(place);
                inside.Remove(place);
            }
            else
            {
                heap.Set(place, random.Next(20));
                inside.Add(place);
            }
            heap.Count.ShouldBe(inside.Count);
            heap.Top.ShouldBe(inside.OrderBy(item => item.Key).ThenBy(item => item.Tie).FirstOrDefault(), $"seed {Seed}, turn {turn}");
        }
    }
}
