using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Webcluster.Node.Http;

/// <summary>
/// Tells the end of the input behind its last octets, never with them: Kestrel takes a request for broken off whose client has closed, even
/// where all of it is here.
/// </summary>
internal sealed class EndBehindOctets(IDuplexPipe transport) : PipeReader, IDuplexPipe
{
    private readonly PipeReader _input = transport.Input;
    private ReadOnlySequence<byte> _shown;
    private long _examined;

    public PipeReader Input => this;

    public PipeWriter Output => transport.Output;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        Show(await _input.ReadAsync(cancellationToken));

    public override bool TryRead(out ReadResult result)
    {
        if (!_input.TryRead(out result)) return false;
        result = Show(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _examined = _shown.Slice(consumed, examined).Length;
        _shown = default;
        _input.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => _input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _input.Complete(exception);

    private ReadResult Show(ReadResult result)
    {
        _shown = result.Buffer;
        return _shown.Length > _examined ? new ReadResult(_shown, result.IsCanceled, isCompleted: false) : result;
    }
}

internal static class EndBehindOctetsExtensions
{
    /// <summary>Behind TLS, where there is TLS.</summary>
    public static void UseEndBehindOctets(this ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Transport = new EndBehindOctets(connection.Transport);
        return next(connection);
    });
}
