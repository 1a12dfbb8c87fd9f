namespace Webcluster.Node.Simulator;

/// <summary>The last messages, bounded in number and octets; and who was greylisted. Safe for concurrent use.</summary>
internal sealed class SimulatorMailbox(int mostMessages)
{
    public const long MostOctets = 64L * 1024 * 1024;
    private const int MostGreylisted = 100_000;

    private readonly Lock _gate = new();
    private readonly Queue<SimulatedMessage> _messages = new();
    private readonly HashSet<(string Sender, string Recipient)> _greylisted = [];
    private long _octets;
    private long _lastId;

    /// <summary>Messages taken since the start, those that are kept no more included.</summary>
    public long Taken => Volatile.Read(ref _lastId);

    /// <summary>Keeps a message under the next id, which replaces the one it has.</summary>
    public SimulatedMessage Add(SimulatedMessage message)
    {
        lock (_gate)
        {
            message = message with { Id = ++_lastId };
            _messages.Enqueue(message);
            _octets += message.Content.Length;
            while (_messages.Count > mostMessages || _octets > MostOctets) _octets -= _messages.Dequeue().Content.Length;
            return message;
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<SimulatedMessage> Latest()
    {
        lock (_gate) return [.. _messages.Reverse()];
    }

    public SimulatedMessage? Find(long id)
    {
        lock (_gate) return _messages.FirstOrDefault(message => message.Id == id);
    }

    /// <summary>True the first time this pair is seen.</summary>
    public bool Greylist(string sender, string recipient)
    {
        lock (_gate)
        {
            if (_greylisted.Count >= MostGreylisted) _greylisted.Clear();
            return _greylisted.Add((sender, recipient));
        }
    }
}
