using Microsoft.Extensions.Logging;
using Webcluster.Submission.Sessions;

namespace Webcluster.Submission.Listeners;

/// <summary>Stops submission without losing what is under way: `node drain`, and the end of the process. Safe for concurrent use.</summary>
public sealed class SubmissionGate : IDisposable
{
    private readonly ILogger<SubmissionGate> _log;
    private readonly Lock _lock = new();
    private readonly HashSet<SmtpSession> _sessions = [];
    private readonly CancellationTokenSource _aborted = new();
    private TaskCompletionSource _empty = NewSignal();
    private bool _open = true;

    public SubmissionGate(ILogger<SubmissionGate> log) => _log = log;

    /// <summary>False once stopping was asked for: new connections get 421.</summary>
    public bool IsOpen
    {
        get { lock (_lock) return _open; }
    }

    public int Sessions
    {
        get { lock (_lock) return _sessions.Count; }
    }

    /// <summary>Signalled when sessions are cut off.</summary>
    internal CancellationToken Aborted => _aborted.Token;

    /// <summary>
    /// Takes no new mail: new connections get 421, idle sessions end at once with it, open transactions may come to their end.
    /// </summary>
    public void Close()
    {
        List<SmtpSession> open;
        lock (_lock)
        {
            _open = false;
            open = [.. _sessions];
        }

        _log.Draining(open.Count);
        foreach (var session in open) session.Drain();
    }

    /// <summary>
    /// Closes, and returns when no session is left. When cancelled, those still open are cut off, whose messages got no 250, and it returns
    /// too.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        Close();
        Task empty;
        lock (_lock) empty = _sessions.Count == 0 ? Task.CompletedTask : _empty.Task;
        try
        {
            await empty.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            _log.Aborted(Sessions);
            await _aborted.CancelAsync();
        }
    }

    /// <summary>Takes mail again after <see cref="Close"/>. Sessions that were open then still come to their end.</summary>
    public void Open()
    {
        lock (_lock) _open = true;
    }

    public void Dispose() => _aborted.Dispose();

    internal void Enter(SmtpSession session)
    {
        lock (_lock)
        {
            _sessions.Add(session);
            if (_open) return;
        }

        session.Drain();
    }

    internal void Leave(SmtpSession session)
    {
        lock (_lock)
        {
            _sessions.Remove(session);
            if (_sessions.Count > 0) return;
            _empty.TrySetResult();
            _empty = NewSignal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
