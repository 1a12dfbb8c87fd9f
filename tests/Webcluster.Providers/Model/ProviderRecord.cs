using System.Net;

namespace Webcluster.Providers.Model;

/// <summary>What a provider has seen, in its order. Written under the provider's lock, read from anywhere.</summary>
internal sealed class ProviderRecord
{
    private const int Most = 2_000_000;

    private readonly Lock _lock = new();
    private readonly List<Attempt> _attempts = [];
    private readonly List<Block> _blocks = [];
    private readonly HashSet<string> _failed = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Connections from one source that were open at once, at most.</summary>
    public int MostConnections { get; private set; }

    /// <summary>Connections that were taken.</summary>
    public int Connections { get; private set; }

    public IReadOnlyList<Attempt> Attempts
    {
        get
        {
            lock (_lock) return [.. _attempts];
        }
    }

    public IReadOnlyList<Block> Blocks
    {
        get
        {
            lock (_lock) return [.. _blocks];
        }
    }

    /// <summary>Recipients that reports to this provider's users name as failed.</summary>
    public IReadOnlyList<string> Failed
    {
        get
        {
            lock (_lock) return [.. _failed];
        }
    }

    /// <summary>Mails taken.</summary>
    public int Taken { get; private set; }

    public int Refused { get; private set; }

    public void Opened(int connections) => (Connections, MostConnections) = (Connections + 1, Math.Max(MostConnections, connections));

    /// <exception cref="InvalidOperationException">There were more than anyone will reckon with.</exception>
    public void Add(Attempt attempt)
    {
        lock (_lock)
        {
            if (_attempts.Count == Most) throw new InvalidOperationException($"more than {Most} attempts");
            _attempts.Add(attempt);
            if (attempt.Refusal is null) Taken++;
            else Refused++;
        }
    }

    public void AddFailed(string recipient)
    {
        lock (_lock)
            if (_failed.Count < Most)
                _failed.Add(recipient);
    }

    public void Add(Block block)
    {
        lock (_lock) _blocks.Add(block);
    }
}

/// <summary>A connection that was refused, a message or recipient that was refused, or a recipient whose mail was taken.</summary>
/// <param name="Hello">"" before EHLO.</param>
/// <param name="Recipient">"" before RCPT.</param>
/// <param name="Refusal">Null: taken.</param>
internal sealed record Attempt(DateTimeOffset At, IPAddress Source, string Hello, string Recipient, RefusalKind? Refusal)
{
    /// <summary>Refused, and at a lower speed it would not have been.</summary>
    public bool IsTooFast => Refusal is { } kind && kind.IsForRate();
}

/// <param name="Cause">The refusal that was one too many.</param>
internal sealed record Block(IPAddress Source, RefusalKind Cause, DateTimeOffset From, DateTimeOffset Until);
