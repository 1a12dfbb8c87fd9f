using System.Collections.Concurrent;
using System.Text.Json;

namespace Webcluster.Chaos.Cluster;

/// <summary>What a node says, in the order of its lines: kept as a file, and the lines that the ledger wants read.</summary>
internal sealed class NodeLog(string node, TextWriter file)
{
    private const string Code = "\"event.code\":\"";

    private readonly ConcurrentQueue<Attempt> _attempts = new();
    private readonly ConcurrentQueue<Reaped> _reaped = new();
    private readonly ConcurrentQueue<string> _marked = new();

    public IReadOnlyCollection<Attempt> Attempts => _attempts;

    public IReadOnlyCollection<Reaped> Reapings => _reaped;

    /// <summary>Recipients whose mail the node called a possible duplicate.</summary>
    public IReadOnlyCollection<string> Marked => _marked;

    public int Faults { get; private set; }

    public void Hear(string line)
    {
        lock (file) file.WriteLine(line);
        var at = line.IndexOf(Code, StringComparison.Ordinal);
        if (at < 0 || line[0] != '{') return;
        var code = line.AsSpan(at + Code.Length);
        code = code[..code.IndexOf('"')];
        if (code is "3010" or "3011" or "3012" or "3013" or "3001" or "3003" or "3017" or "3018") Read(code.ToString(), line);
    }

    private void Read(string code, string line)
    {
        using var parsed = JsonDocument.Parse(line);
        var at = parsed.RootElement.GetProperty("@timestamp").GetDateTimeOffset();
        var values = parsed.RootElement.GetProperty("webcluster");
        switch (code)
        {
            case "3001" or "3003":
                _reaped.Enqueue(new Reaped(Text("node"), at));
                break;
            case "3017":
                Faults++;
                break;
            case "3018":
                // Said when the attempt begins: its outcome may never be told.
                _marked.Enqueue(Text("recipient"));
                _attempts.Enqueue(new Attempt(Text("id"), Text("recipient"), node, at));
                break;
            default:
                if (code == "3013") _marked.Enqueue(Text("recipient"));
                var took = TimeSpan.FromMilliseconds(values.GetProperty("took").GetDouble());
                _attempts.Enqueue(new Attempt(Text("id"), Text("recipient"), node, at - took));
                break;
        }

        string Text(string name) => values.GetProperty(name).ToString();
    }
}

/// <summary>An attempt that came to an outcome, whichever; or that began with a warning.</summary>
internal sealed record Attempt(string Message, string Recipient, string Node, DateTimeOffset Began);

/// <summary>Everything of a dead node was given back.</summary>
internal sealed record Reaped(string NodeId, DateTimeOffset At);
