using System.Collections.Concurrent;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Redis.Sessions;

/// <summary>
/// Sessions that this node has or may have in the store: from before a claim asks for one until its release was answered. What the store
/// has besides, it has from a time that it went back to.
/// </summary>
internal sealed class OwnSessions
{
    private readonly ConcurrentDictionary<SessionId, Own> _all = [];

    /// <summary>Those that this node has done with: they could not be released, or were opened by a claim whose answer was lost. Each holds
    /// a slot of its site until it is released.</summary>
    public IReadOnlyList<SessionId> Left => [.. _all.Where(session => session.Value.IsLeft).Select(session => session.Key)];

    public bool Knows(SessionId session) => _all.ContainsKey(session);

    public void Add(SessionId session) => _all[session] = default;

    /// <summary>What it holds is sent from now on.</summary>
    /// <param name="generation">Of the link, from before the store was asked for it.</param>
    public void Open(SessionId session, long generation) => _all[session] = new Own(generation, IsLeft: false);

    public void Leave(SessionId session) =>
        _all.AddOrUpdate(session, new Own(null, IsLeft: true), (_, own) => own with { IsLeft = true });

    public void Remove(SessionId session) => _all.TryRemove(session, out _);

    /// <summary>Whether what the store says it holds may have been sent and settled: another server may have taken over since, that had not
    /// heard of it.</summary>
    public bool MayHaveSettled(SessionId session, long generation) =>
        _all.GetValueOrDefault(session).Generation is { } opened && opened != generation;

    private readonly record struct Own(long? Generation, bool IsLeft);
}
