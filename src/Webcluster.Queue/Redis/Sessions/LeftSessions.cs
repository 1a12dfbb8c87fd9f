using System.Collections.Concurrent;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Redis.Sessions;

/// <summary>
/// Sessions that this node has done with, but the store may still have: they could not be released, or were opened by a claim whose answer
/// was lost. Each holds a slot of its site until it is released.
/// </summary>
internal sealed class LeftSessions
{
    private readonly ConcurrentDictionary<SessionId, bool> _left = [];

    public IReadOnlyList<SessionId> All => [.. _left.Keys];

    public void Add(SessionId session) => _left[session] = true;

    public void Remove(SessionId session) => _left.TryRemove(session, out _);
}
