using System.Collections.Concurrent;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Redis.Sessions;

/// <summary>
/// Sessions that this node has or may have in the store: from before a claim asks for one until its release was answered. What the store
/// has besides, it has from a time that it went back to.
/// </summary>
internal sealed class OwnSessions
{
    private readonly ConcurrentDictionary<SessionId, bool> _isLeft = [];

    /// <summary>Those that this node has done with: they could not be released, or were opened by a claim whose answer was lost. Each holds
    /// a slot of its site until it is released.</summary>
    public IReadOnlyList<SessionId> Left => [.. _isLeft.Where(session => session.Value).Select(session => session.Key)];

    public bool Knows(SessionId session) => _isLeft.ContainsKey(session);

    public void Add(SessionId session) => _isLeft[session] = false;

    public void Leave(SessionId session) => _isLeft[session] = true;

    public void Remove(SessionId session) => _isLeft.TryRemove(session, out _);
}
