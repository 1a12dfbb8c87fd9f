using System.Runtime.CompilerServices;
using Webcluster.Protocol.Smtp;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Replies;
using Webcluster.Submission.Tls;

namespace Webcluster.Submission.Sessions;

/// <summary>
/// One SMTP session (RFC 5321, 6409): reads a command, looks up what it means in <see cref="SessionTable"/>, and does it. Nothing else
/// holds session state. Early talkers are tolerated: all replies come in the order of the commands, whenever these were sent.
/// </summary>
internal sealed partial class SmtpSession
{
    // rfc4954#4: the longest line of an AUTH exchange, and its CRLF.
    private const int MaxAuthLine = 12_288 + 2;

    private readonly SmtpConnection _connection;
    private readonly SessionClient _client;
    private readonly SessionServices _services;
    private readonly SubmissionLimitOptions _limits;
    private readonly Transaction _transaction = new();
    private readonly long _connectedAt;

    private SessionState _state;
    private SmtpVerb _hello = SmtpVerb.Unknown;
    private string _helloName = "";
    private AuthenticatedPrincipal? _principal;
    private Credential? _user;
    private int _errors;
    private int _junk;
    private int _authFailures;
    private volatile bool _draining;
    private SessionEnd? _end;

    public SmtpSession(SmtpConnection connection, SessionClient client, SessionServices services)
    {
        _connection = connection;
        _client = client;
        _services = services;
        _limits = services.Policy.Limits;
        _connectedAt = services.Time.GetTimestamp();
        _principal = client.Principal;
    }

    private bool IsTransactionOpen => _state >= SessionState.Sender;

    private bool MayAuthenticate => _user is null && _client.MayAuthenticate(_connection.Tls is not null);

    private bool OffersStartTls => _client.OffersStartTls(_connection.Tls is not null) && _services.Certificates.Current is not null;

    /// <summary>Ends the session as soon as no transaction is open. May be called by any thread.</summary>
    public void Drain()
    {
        _draining = true;
        _connection.Interrupt();
    }

    /// <summary>Runs the session to its end. All that was said is flushed when it returns.</summary>
    /// <param name="cancellation">Gives up whatever waits for others: accepting a message, checking a password.</param>
    public async Task<SessionEnd> RunAsync(CancellationToken cancellation)
    {
        try
        {
            if (_client.Listener.Tls != ListenerTls.Implicit || await BeginTlsAsync())
            {
                if (!_draining) _connection.Write($"220 {_services.Policy.HostName} ESMTP\r\n");
                while (_end is null)
                {
                    if (_draining && !IsTransactionOpen) Reply(ServerReply.ShuttingDown);
                    else await StepAsync(cancellation);
                }

                await _connection.FlushAsync();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            _end = SessionEnd.Drained;
        }
        catch (Exception error)
        {
            _services.Log.SessionFailed(error, _client.Address);
            Reply(ServerReply.InternalError);
            _end = SessionEnd.Failed;
            await _connection.FlushAsync();
        }
        finally
        {
            _transaction.Dispose();
        }

        return _connection.IsStalled ? SessionEnd.TimedOut : _end ?? SessionEnd.Lost;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask StepAsync(CancellationToken cancellation)
    {
        var status = await _connection.ReadLineAsync((int)_limits.CommandLine.Octets, CommandTime());
        // rfc4954#4: an initial response may make AUTH longer than any other command.
        if (status == ReadStatus.TooLong && IsAuth()) status = await ReadAuthLineAsync();
        switch (status)
        {
            case ReadStatus.Ready:
                await ExecuteAsync(cancellation);
                break;
            case ReadStatus.TooLong:
                Reply(IsAuth() ? ServerReply.AuthTooLong : ServerReply.LineTooLong);
                break;
            case ReadStatus.TimedOut:
                Reply(_draining ? ServerReply.ShuttingDown : ServerReply.IdleTimeout);
                break;
            case ReadStatus.Interrupted:
                break;
            case ReadStatus.Closed:
                _end = SessionEnd.Lost;
                break;
        }
    }

    private ValueTask ExecuteAsync(CancellationToken cancellation)
    {
        var command = CommandParser.Parse(_connection.Line);
        if (SessionTable.IsJunk(command.Verb) && ++_junk > _limits.JunkCommands) return Answer(ServerReply.TooManyCommands);
        if (command is SmtpCommand.Malformed malformed) return Answer(ServerReplies.For(malformed.Problem, malformed.Verb));
        var step = SessionTable.Find(_state, command.Verb);
        return step.Action switch
        {
            SessionAction.Refuse or SessionAction.Answer => Answer(step.Reply),
            SessionAction.Hello => Greet((SmtpCommand.Hello)command),
            SessionAction.Mail => BeginTransactionAsync((SmtpCommand.Mail)command, cancellation),
            SessionAction.Recipient => AddRecipientAsync((SmtpCommand.Recipient)command, cancellation),
            SessionAction.Data => ReceiveDataAsync(cancellation),
            SessionAction.Chunk => ReceiveChunkAsync((SmtpCommand.Bdat)command, cancellation),
            SessionAction.SwallowChunk => SwallowChunkAsync((SmtpCommand.Bdat)command, step.Reply),
            SessionAction.Reset => Answer(EndTransaction(ServerReply.Ok)),
            SessionAction.Quit => Answer(ServerReply.Bye),
            SessionAction.StartTls => StartTlsAsync(),
            SessionAction.Auth => AuthenticateAsync((SmtpCommand.Auth)command, cancellation),
            SessionAction.Unknown => Answer(IsHttp(_connection.Line) ? ServerReply.NotSmtp : ServerReply.UnknownCommand),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private ValueTask Greet(SmtpCommand.Hello command)
    {
        EndTransaction(ServerReply.Ok);
        _state = SessionState.Ready;
        _hello = command.Verb;
        _helloName = command.Name;
        if (command.Verb == SmtpVerb.Ehlo)
            _connection.Write(_services.Policy.Ehlo.Bytes(OffersStartTls, _connection.Tls is not null, MayAuthenticate));
        else
            _connection.Write($"250 {_services.Policy.HostName}\r\n");
        return ValueTask.CompletedTask;
    }

    private async ValueTask StartTlsAsync()
    {
        if (_connection.Tls is not null)
        {
            Reply(ServerReply.TlsActive);
        }
        else if (_client.Listener.Tls != ListenerTls.StartTls)
        {
            Reply(ServerReply.NotImplemented);
        }
        else if (_services.Certificates.Current is null)
        {
            Reply(ServerReply.TlsUnavailable);
        }
        else if (!_connection.Buffered.IsEmpty)
        {
            // rfc3207#6: what came in the clear must not be taken for what was said under TLS.
            Reply(ServerReply.InputBehindStartTls);
        }
        else
        {
            Reply(ServerReply.StartTls);
            if (!await BeginTlsAsync()) return;
            // rfc3207#4.2: all that was known of the client is forgotten.
            EndTransaction(ServerReply.Ok);
            _state = SessionState.Connected;
            _hello = SmtpVerb.Unknown;
            _helloName = "";
            _principal = _client.Principal;
            _user = null;
        }
    }

    private async ValueTask<bool> BeginTlsAsync()
    {
        if (_services.Certificates.Current is { } certificate
            && await _connection.UpgradeToTlsAsync(ServerTls.Options(certificate), _limits.HandshakeTime))
            return true;
        _end = SessionEnd.TlsFailed;
        return false;
    }

    private TimeSpan CommandTime()
    {
        if (_draining) return _limits.DrainTime;
        return WithinLogin(_limits.CommandTime);
    }

    // Whoever has not said who he is gets no longer for it by whatever he sends.
    private TimeSpan WithinLogin(TimeSpan time)
    {
        if (_principal is not null) return time;
        var left = _limits.LoginTime - _services.Time.GetElapsedTime(_connectedAt);
        if (left < TimeSpan.Zero) left = TimeSpan.Zero;
        return left < time ? left : time;
    }

    private ValueTask Answer(ServerReply reply)
    {
        Reply(reply);
        return ValueTask.CompletedTask;
    }

    // Nothing is said behind a reply that closes. rfc5321#4.2.1: 5xx is the client's error; 4xx is not. Nor can a client know who is
    // suppressed.
    private void Reply(ServerReply reply)
    {
        if (_end is not null) return;
        _connection.Write(ServerReplies.Bytes(reply));
        if (ServerReplies.Closes(reply))
            _end = EndOf(reply);
        else if (ServerReplies.Code(reply) >= 500 && reply != ServerReply.RecipientSuppressed)
            CountError();
        if (ServerReplies.Code(reply) >= 400) _services.Log.CommandRefused(_client.Address, reply);
    }

    private void CountError()
    {
        if (++_errors > _limits.Errors) Reply(ServerReply.TooManyErrors);
    }

    private static SessionEnd EndOf(ServerReply closing) => closing switch
    {
        ServerReply.Bye => SessionEnd.Quit,
        ServerReply.ShuttingDown => SessionEnd.Drained,
        ServerReply.IdleTimeout or ServerReply.ContentTimeout => SessionEnd.TimedOut,
        ServerReply.InternalError => SessionEnd.Failed,
        _ => SessionEnd.Refused,
    };

    // A browser made to talk to this port must not get its request's body read as commands.
    private static bool IsHttp(ReadOnlySpan<byte> line) =>
        line.StartsWith("GET "u8) || line.StartsWith("POST "u8) || line.StartsWith("PUT "u8) || line.StartsWith("HEAD "u8)
        || line.StartsWith("CONNECT "u8) || line.StartsWith("OPTIONS "u8) || line.StartsWith("DELETE "u8) || line.StartsWith("PATCH "u8)
        || line.StartsWith("TRACE "u8) || line.StartsWith("PRI "u8);
}
