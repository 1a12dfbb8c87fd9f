using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;

namespace Webcluster.Delivery.Pump;

/// <summary>
/// Open connections without work, so that the next message of their lane finds one instead of opening another. A parked session belongs to
/// whoever takes it out: the pump, which gives it work, or its own time-out.
/// </summary>
internal sealed class ParkedSessions
{
    private readonly Lock _lock = new();
    private readonly Dictionary<LaneKey, Stack<Parked>> _byLane = [];
    private bool _isRoomWanted;

    /// <summary>Is this an answer with which a session waits for more, rather than end?</summary>
    public static bool IsFor(ClaimResult? answer) =>
        answer is ClaimResult.NotNow { Reason: WaitReason.NothingDue or WaitReason.RateLimit or WaitReason.WarmupBudget };

    /// <summary>While room is wanted, what parks is closed at once.</summary>
    public Parked Park(LaneKey lane, SessionId session)
    {
        var parked = new Parked(lane, session);
        lock (_lock) Push(parked);
        return parked;
    }

    /// <summary>What became of one that was taken: it has work, or parks again, or is closed.</summary>
    public void Answer(Parked parked, ClaimResult? answer)
    {
        if (answer is ClaimResult.Granted granted)
        {
            parked.Resume(granted.Deliveries);
            return;
        }

        lock (_lock)
        {
            if (IsFor(answer) && !parked.IsOverdue) Push(parked);
            else parked.Close();
        }
    }

    /// <summary>Takes the most recently used one: its connection is the likeliest to be alive.</summary>
    public Parked? Take(LaneKey lane)
    {
        lock (_lock)
        {
            if (!_byLane.TryGetValue(lane, out var stack)) return null;
            var parked = stack.Pop();
            if (stack.Count == 0) _byLane.Remove(lane);
            return parked;
        }
    }

    /// <summary>Closes one for another lane's sake: any that is parked, else whichever would park before <see cref="RoomMade"/>.</summary>
    public void MakeRoom()
    {
        lock (_lock)
        {
            _isRoomWanted = true;
            if (_byLane.Keys.FirstOrDefault() is { } lane) Take(lane)!.Close();
        }
    }

    /// <summary>Closes one that holds a slot of this lane's provider for another lane; of its own site where there is one.</summary>
    public void CloseOneFor(LaneKey lane)
    {
        lock (_lock)
        {
            var holders = _byLane.Keys.Where(other => other.Provider == lane.Provider);
            var holder = holders.FirstOrDefault(other => other.Site == lane.Site) ?? holders.FirstOrDefault();
            if (holder is not null) Take(holder)!.Close();
        }
    }

    public void RoomMade()
    {
        lock (_lock) _isRoomWanted = false;
    }

    /// <summary>Takes this one, whose time is over; false where somebody else has taken it, who will complete its work.</summary>
    public bool Take(Parked parked)
    {
        lock (_lock)
        {
            parked.IsOverdue = true;
            if (!_byLane.TryGetValue(parked.Lane, out var stack) || !stack.Contains(parked)) return false;
            var rest = stack.Where(other => other != parked).Reverse().ToList();
            if (rest.Count == 0) _byLane.Remove(parked.Lane);
            else _byLane[parked.Lane] = new Stack<Parked>(rest);
            return true;
        }
    }

    private void Push(Parked parked)
    {
        if (_isRoomWanted) parked.Close();
        else if (_byLane.TryGetValue(parked.Lane, out var stack)) stack.Push(parked);
        else _byLane[parked.Lane] = new Stack<Parked>([parked]);
    }

    /// <summary>One parked session. Its work completes once: with deliveries, or with null to close.</summary>
    internal sealed class Parked(LaneKey lane, SessionId session)
    {
        private readonly TaskCompletionSource<IReadOnlyList<ClaimedDelivery>?> _work =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LaneKey Lane => lane;

        public SessionId Session => session;

        /// <summary>It does not park again. Guarded by the lock of all.</summary>
        public bool IsOverdue { get; set; }

        public Task<IReadOnlyList<ClaimedDelivery>?> Work => _work.Task;

        public void Resume(IReadOnlyList<ClaimedDelivery> deliveries) => _work.TrySetResult(deliveries);

        public void Close() => _work.TrySetResult(null);
    }
}
