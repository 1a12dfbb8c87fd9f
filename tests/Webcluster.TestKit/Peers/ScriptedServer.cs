using System.Net;
using System.Net.Sockets;

namespace Webcluster.TestKit.Peers;

/// <summary>
/// An SMTP server for tests, on a free loopback port. It plays one script a connection, in the order of the connections; a connection too
/// many, or a client that strays from its script, fails <see cref="FinishedAsync"/>. It knows nothing of SMTP, so it can do anything.
/// </summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Conversation> _conversations = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _played;
    private readonly Task _surplus;

    private ScriptedServer(SmtpScript[] scripts)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        var accepted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _played = Task.Run(() => PlayAsync(scripts, accepted));
        _surplus = Task.Run(() => RefuseSurplusAsync(accepted.Task));
    }

    public IPEndPoint EndPoint { get; }

    public int Port => EndPoint.Port;

    /// <summary>What each client sent, in the order of their connections.</summary>
    public IReadOnlyList<string> Transcripts
    {
        get
        {
            lock (_conversations) return [.. _conversations.Select(conversation => conversation.Transcript)];
        }
    }

    /// <summary>Where each client connected from.</summary>
    public IReadOnlyList<IPEndPoint> Sources
    {
        get
        {
            lock (_conversations) return [.. _conversations.Select(conversation => conversation.Source)];
        }
    }

    /// <summary>Connections that came after the last script was taken.</summary>
    public int Surplus { get; private set; }

    public static ScriptedServer Start(params SmtpScript[] scripts) => new(scripts);

    /// <summary>Waits until every script has been played to its end.</summary>
    /// <exception cref="ScriptFailedException">A client strayed, or there were more connections than scripts.</exception>
    public async Task FinishedAsync()
    {
        await _played.Soon();
        if (Surplus > 0) throw new ScriptFailedException($"{Surplus} connections more than scripts");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_played, _surplus).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        foreach (var conversation in _conversations) await conversation.DisposeAsync();
        _stop.Dispose();
    }

    private async Task PlayAsync(SmtpScript[] scripts, TaskCompletionSource accepted)
    {
        var playing = new List<Task>();
        foreach (var script in scripts)
        {
            var conversation = new Conversation(await _listener.AcceptAsync(_stop.Token), script);
            lock (_conversations) _conversations.Add(conversation);
            playing.Add(PlayAsync(conversation));
        }

        accepted.SetResult();
        await Task.WhenAll(playing);
    }

    // A client that strayed is told so by a closed connection, so that no test waits for its time-out.
    private async Task PlayAsync(Conversation conversation)
    {
        await using (conversation) await conversation.PlayAsync(_stop.Token);
    }

    private async Task RefuseSurplusAsync(Task accepted)
    {
        await accepted.WaitAsync(_stop.Token);
        while (true)
        {
            using var surplus = await _listener.AcceptAsync(_stop.Token);
            Surplus++;
        }
    }
}
