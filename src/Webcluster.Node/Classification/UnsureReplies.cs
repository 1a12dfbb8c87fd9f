using System.Diagnostics.CodeAnalysis;
using Webcluster.Protocol.Classification;

namespace Webcluster.Node.Classification;

/// <summary>
/// What servers said since the node began that nothing was sure of, to be labelled; replies that differ in names and numbers only are one.
/// Bounded: what was not seen for longest gives way. Safe for concurrent use.
/// </summary>
internal sealed class UnsureReplies(TimeProvider time)
{
    public const int Most = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<UnsureReply>> _byForm = new(StringComparer.Ordinal);

    /// <summary>The one that was not seen for longest is the first.</summary>
    private readonly LinkedList<UnsureReply> _inOrder = new();

    public void Note(string reply, BounceClass guess)
    {
        if (ReplyForm.Of(reply) is not { } form) return;
        lock (_lock)
        {
            var count = 1L;
            if (_byForm.Remove(form, out var known) || TryGiveWay(out known)) _inOrder.Remove(known);
            if (known?.Value.Reply == form) count += known.Value.Count;
            _byForm[form] = _inOrder.AddLast(new UnsureReply(form, guess, count, time.GetUtcNow()));
        }
    }

    /// <summary>The most frequent first.</summary>
    public IReadOnlyList<UnsureReply> List(int most)
    {
        lock (_lock) return [.. _inOrder.OrderByDescending(reply => reply.Count).Take(most)];
    }

    private bool TryGiveWay([NotNullWhen(true)] out LinkedListNode<UnsureReply>? oldest)
    {
        oldest = _byForm.Count >= Most ? _inOrder.First : null;
        return oldest is not null && _byForm.Remove(oldest.Value.Reply);
    }
}

/// <param name="Reply">As <see cref="ReplyForm"/> writes it.</param>
/// <param name="Guess">What its codes alone say.</param>
internal sealed record UnsureReply(string Reply, BounceClass Guess, long Count, DateTimeOffset LastSeen);
