using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Messages;
using Webcluster.Submission.Acceptance;
using Webcluster.Submission.Content;
using Webcluster.Submission.Replies;

namespace Webcluster.Submission.Sessions;

/// <content>DATA, BDAT, and the acceptance of what they brought.</content>
internal sealed partial class SmtpSession
{
    private readonly DataDecoder _decoder = new();
    private readonly ChunkInspector _inspector = new();

    // rfc5321#4.1.1.4
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReceiveDataAsync(CancellationToken cancellation)
    {
        var (content, clock) = BeginContent();
        if (MessageAcceptor.RefusalFor(content.Trouble) is { } refusal)
        {
            EndMessage(new AcceptResult.Refused(refusal));
            return;
        }

        Reply(ServerReply.StartContent);
        _decoder.Reset();
        while (!Decode(content, clock))
        {
            if (!await MoreContentAsync(clock)) return;
        }

        await AcceptAsync(_decoder.Defects, cancellation);
    }

    private bool Decode(ContentBuffer content, ContentClock clock)
    {
        foreach (var segment in _connection.Buffered)
        {
            var isEnd = _decoder.Decode(segment.Span, content, out var consumed);
            clock.Count(consumed);
            _connection.Consume(consumed);
            if (isEnd) return true;
        }

        return false;
    }

    // rfc3030#2
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReceiveChunkAsync(SmtpCommand.Bdat command, CancellationToken cancellation)
    {
        if (_state == SessionState.Recipients)
        {
            _inspector.Reset();
            BeginContent();
            _state = SessionState.Chunks;
        }

        if (++_transaction.Chunks > _limits.Chunks)
        {
            Reply(ServerReply.TooManyChunks);
            return;
        }

        var (content, clock) = (_transaction.Content!, _transaction.Clock!);
        if (clock.Left() == TimeSpan.Zero)
        {
            Reply(ServerReply.ContentTimeout);
            return;
        }

        if (!await TakeChunkAsync(command.Size, content, clock)) return;
        if (command.Last)
        {
            _inspector.Finish();
            await AcceptAsync(_inspector.Defects, cancellation);
        }
        else if (MessageAcceptor.RefusalFor(content.Trouble) is { } refusal)
        {
            // Chunks that the client has sent already find no transaction, and are swallowed.
            EndMessage(new AcceptResult.Refused(refusal));
        }
        else
        {
            Reply(ServerReply.ChunkOk);
        }
    }

    private async ValueTask SwallowChunkAsync(SmtpCommand.Bdat command, ServerReply refusal)
    {
        if (await TakeChunkAsync(command.Size, content: null, new ContentClock(_services.Time, _limits))) Reply(refusal);
    }

    // Exactly so many octets come off the input, whatever is in them.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> TakeChunkAsync(long size, ContentBuffer? content, ContentClock clock)
    {
        while (true)
        {
            foreach (var segment in _connection.Buffered)
            {
                var part = segment.Span[..(int)Math.Min(segment.Length, size)];
                if (content is not null)
                {
                    _inspector.Inspect(part);
                    content.Write(part);
                }

                clock.Count(part.Length);
                _connection.Consume(part.Length);
                size -= part.Length;
                if (size == 0) break;
            }

            if (size == 0) return true;
            if (!await MoreContentAsync(clock)) return false;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> MoreContentAsync(ContentClock clock)
    {
        while (true)
        {
            var status = await _connection.FillAsync(WithinLogin(clock.Left()));
            switch (status)
            {
                case ReadStatus.Ready:
                    return true;
                case ReadStatus.Interrupted:
                    // The node is stopping; what is past DATA is finished.
                    continue;
                case ReadStatus.TimedOut:
                    Reply(ServerReply.ContentTimeout);
                    return false;
                default:
                    _end = SessionEnd.Lost;
                    return false;
            }
        }
    }

    private (ContentBuffer Content, ContentClock Clock) BeginContent()
    {
        var content = new ContentBuffer(_services.Budget, _limits.MessageSize.Octets, _services.Acceptor.Arriving());
        content.Begin(_transaction.Parameters.Size ?? 0);
        var clock = new ContentClock(_services.Time, _limits);
        (_transaction.Content, _transaction.Clock) = (content, clock);
        return (content, clock);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AcceptAsync(ContentDefects defects, CancellationToken cancellation)
    {
        var content = _transaction.Content!;
        var result = (MessageAcceptor.RefusalFor(content.Trouble) ?? MessageAcceptor.RefusalFor(defects)) is { } refusal
            ? new AcceptResult.Refused(refusal)
            : await _services.Acceptor.AcceptAsync(TakeMessage(content), cancellation);
        EndMessage(result);
    }

    private void EndMessage(AcceptResult result)
    {
        _services.Metrics.MessageEnded(result, _services.Time.GetElapsedTime(_transaction.BegunAt));
        EndTransaction(ServerReply.Ok);
        switch (result)
        {
            case AcceptResult.Queued(var id):
                ReplyQueued(id);
                _errors = _junk = 0;
                break;
            case AcceptResult.Taken:
                Reply(ServerReply.Ok);
                _errors = _junk = 0;
                break;
            case AcceptResult.Refused(var reply):
                _services.Log.MessageRefused(_client.Address, reply);
                Reply(reply);
                break;
        }
    }

    private void ReplyQueued(MessageId id)
    {
        Span<byte> reply = stackalloc byte[80];
        Utf8.TryWrite(reply, $"250 2.0.0 Ok: queued as {id.Value}\r\n", out var length);
        _connection.Write(reply[..length]);
    }

    private IncomingMessage TakeMessage(ContentBuffer content) => new(
        _transaction.ReversePath, _transaction.Parameters, _transaction.Recipients, content.Take(), content.HashBody(),
        new SubmissionOrigin(
            _client.Address, _helloName, IsExtended: _hello == SmtpVerb.Ehlo, _connection.Tls, IsAuthenticated: _user is not null),
        _principal!);
}
