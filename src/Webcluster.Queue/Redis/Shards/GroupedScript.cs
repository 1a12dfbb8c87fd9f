using StackExchange.Redis;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Scripts;

namespace Webcluster.Queue.Redis.Shards;

/// <summary>
/// A script that serves many requests with one call: those that come while a call on their shard is under way gather, and go out together
/// with the next. So the first waits for nobody, and the busier the store is, the fewer calls it gets. What waited too long is not asked
/// for any more. Safe for concurrent use.
/// </summary>
internal sealed class GroupedScript(RedisScript script, ShardMap shards, TimeProvider time)
{
    // A message is stored while the store knows what it had of it (REMEMBERED in keys.lua): who asks again has begun some time before.
    private static readonly TimeSpan MostWaiting = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MostWaitingAgain = TimeSpan.FromSeconds(10);

    private const int MostRequests = 64;

    /// <summary>Of content; more than this only for one request.</summary>
    private const int MostOctets = 1024 * 1024;

    private readonly Group[] _groups = [.. shards.All.Select(shard => new Group(shard, script, time))];

    /// <param name="octets">Of content among the arguments.</param>
    /// <param name="alone">Not in one call with others: it failed before, and may have been what made its group fail.</param>
    /// <exception cref="RedisTroubleException">Whatever went wrong, with this request or with one in its group.</exception>
    public Task<RedisResult> RunAsync(Shard shard, RedisValue[] arguments, int octets = 0, bool alone = false) =>
        _groups[shard.Number].RunAsync(new Request(arguments, octets, alone, time.GetTimestamp()));

    private sealed class Group(Shard shard, RedisScript script, TimeProvider time)
    {
        private readonly Lock _lock = new();
        private readonly Queue<Request> _waiting = [];
        private bool _isAsking;

        public Task<RedisResult> RunAsync(Request request)
        {
            lock (_lock)
            {
                _waiting.Enqueue(request);
                if (_isAsking) return request.Answer.Task;
                _isAsking = true;
            }

            // Whatever comes of it reaches the requests.
            _ = AskAllAsync();
            return request.Answer.Task;
        }

        private async Task AskAllAsync()
        {
            while (Next() is { Count: > 0 } group)
                await AskAsync(group);
        }

        private List<Request> Next()
        {
            var group = new List<Request>();
            lock (_lock)
            {
                while (_waiting.TryPeek(out var late) && time.GetElapsedTime(late.Since) > (late.Alone ? MostWaitingAgain : MostWaiting))
                    _waiting.Dequeue().Answer.SetException(TooLate());
                for (var octets = 0; _waiting.TryPeek(out var request); group.Add(_waiting.Dequeue()))
                {
                    octets += request.Octets;
                    if (group.Count > 0 && (request.Alone || group[0].Alone || group.Count == MostRequests || octets > MostOctets)) break;
                }

                _isAsking = group.Count > 0;
            }

            return group;
        }

        private async Task AskAsync(List<Request> group)
        {
            try
            {
                var answers = (await shard.CarryAsync(script, group.Sum(request => (long)request.Octets), Arguments(group))).Items();
                if (answers.Length != group.Count) throw Reply.Bad("a list of another length");
                for (var i = 0; i < answers.Length; i++) group[i].Answer.SetResult(answers[i]);
            }
            catch (Exception fault)
            {
                foreach (var request in group) request.Answer.TrySetException(fault);
            }
        }

        private static RedisTroubleException TooLate() =>
            new(RedisTroubleKind.Timeout, mayHaveHappened: false, "what stands in front of this takes Redis too long");

        private static RedisValue[] Arguments(List<Request> group)
        {
            var arguments = new RedisValue[group.Sum(request => 1 + request.Arguments.Length)];
            var at = 0;
            foreach (var request in group)
            {
                arguments[at++] = request.Arguments.Length;
                request.Arguments.CopyTo(arguments, at);
                at += request.Arguments.Length;
            }

            return arguments;
        }
    }

    private sealed record Request(RedisValue[] Arguments, int Octets, bool Alone, long Since)
    {
        public TaskCompletionSource<RedisResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
