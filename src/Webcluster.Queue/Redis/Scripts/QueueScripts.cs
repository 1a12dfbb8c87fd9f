namespace Webcluster.Queue.Redis.Scripts;

/// <summary>One script for each transition of the store, and for each look at it. Their files say what they take, answer and
/// guarantee.</summary>
internal sealed class QueueScripts
{
    public RedisScript Open { get; } = RedisScript.Load("open");

    public RedisScript Enqueue { get; } = RedisScript.Load("enqueue");

    public RedisScript Next { get; } = RedisScript.Load("next");

    public RedisScript Claim { get; } = RedisScript.Load("claim");

    public RedisScript Settle { get; } = RedisScript.Load("settle");

    public RedisScript Release { get; } = RedisScript.Load("release");

    public RedisScript Trouble { get; } = RedisScript.Load("trouble");

    public RedisScript Pause { get; } = RedisScript.Load("pause");

    public RedisScript Beat { get; } = RedisScript.Load("beat");

    public RedisScript Leave { get; } = RedisScript.Load("leave");

    public RedisScript Sessions { get; } = RedisScript.Load("sessions");

    public RedisScript Reap { get; } = RedisScript.Load("reap");

    public RedisScript Count { get; } = RedisScript.Load("count");

    public RedisScript Lanes { get; } = RedisScript.Load("lanes");

    public RedisScript Find { get; } = RedisScript.Load("find");

    public RedisScript Adjust { get; } = RedisScript.Load("adjust");

    public RedisScript Sources { get; } = RedisScript.Load("sources");

    public RedisScript Warmups { get; } = RedisScript.Load("warmups");

    public RedisScript SetWarmup { get; } = RedisScript.Load("setwarmup");

    public RedisScript Events { get; } = RedisScript.Load("events");

    public RedisScript Timeline { get; } = RedisScript.Load("timeline");

    public RedisScript ReadEvents { get; } = RedisScript.Load("readevents");

    public RedisScript EventsUntil { get; } = RedisScript.Load("eventsuntil");

    public RedisScript TrimEvents { get; } = RedisScript.Load("trimevents");

    public RedisScript Feed { get; } = RedisScript.Load("feed");

    public RedisScript AddRule { get; } = RedisScript.Load("addrule");

    public RedisScript EndRule { get; } = RedisScript.Load("endrule");

    public RedisScript Rules { get; } = RedisScript.Load("rules");

    public RedisScript Carry { get; } = RedisScript.Load("carry");

    public RedisScript Suppressed { get; } = RedisScript.Load("suppressed");

    public RedisScript Suppress { get; } = RedisScript.Load("suppress");

    public RedisScript Unsuppress { get; } = RedisScript.Load("unsuppress");

    public RedisScript Suppressions { get; } = RedisScript.Load("suppressions");

    public RedisScript Sweep { get; } = RedisScript.Load("sweep");

    public RedisScript CountSoft { get; } = RedisScript.Load("countsoft");

    public RedisScript ForgetSoft { get; } = RedisScript.Load("forgetsoft");

    public RedisScript Tally { get; } = RedisScript.Load("tally");
}
