using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>Stores a message. Its records are made by the caller's thread, so the writer only writes.</summary>
internal sealed class EnqueueOperation : WriteOperation
{
    private readonly TaskCompletionSource<EnqueueResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NewMessage _message;
    private readonly byte[] _envelope;
    private readonly byte[][] _recipients;
    private readonly DeliveryRow[] _rows;
    private readonly EventRow? _accepted;
    private EnqueueResult _result;

    /// <param name="accepted">Its event; null: none is kept.</param>
    public EnqueueOperation(NewMessage message, MailEvent? accepted)
    {
        _accepted = accepted is null ? null : EventRow.Of(accepted);
        if (message.Deliveries.Count == 0)
            throw new ArgumentException("A message has at least one delivery.", nameof(message));
        _message = message;
        _envelope = EnvelopeCodec.Encode(_message.Envelope);
        _recipients = new byte[_message.Deliveries.Count][];
        _rows = new DeliveryRow[_message.Deliveries.Count];
        string[] tags = [.. _message.Envelope.Tags.Values];
        var due = Math.Max(_message.AcceptedAt.UtcTicks, _message.NotBefore?.UtcTicks ?? 0);
        for (var i = 0; i < _rows.Length; i++)
        {
            var delivery = _message.Deliveries[i];
            _recipients[i] = RecipientsCodec.Encode(delivery.Recipients);
            _rows[i] = new DeliveryRow(
                0, 0, new DeliveryId(_message.Id, i), delivery.Lane, new FlowKey(delivery.Class, _message.Envelope.Tenant), due, 0, false,
                _message.AcceptedAt.UtcTicks, _message.ExpiresAt.UtcTicks, _message.Content.Length,
                [.. delivery.Recipients.Select(recipient => recipient.Address.Domain).Distinct()], tags);
        }
    }

    public Task<EnqueueResult> Completion => _completion.Task;

    public override long Octets => _message.Content.Length;

    public override bool ShowsFailure => false;

    public override void Write(WriteBatch batch)
    {
        _result = batch.TryAdd(_message.Id) ? EnqueueResult.Stored : EnqueueResult.AlreadyStored;
        if (_result is EnqueueResult.AlreadyStored)
            return;
        var messageRow = batch.Store.InsertMessage(_envelope, _message.Content);
        for (var i = 0; i < _rows.Length; i++)
        {
            var row = _rows[i] with { MessageRow = messageRow };
            _rows[i] = row with { Row = batch.Store.InsertDelivery(row, _recipients[i]) };
        }
        if (_accepted is { } accepted)
            batch.Store.Events.Add(accepted);
    }

    public override void Apply(QueueIndex index)
    {
        if (_result is EnqueueResult.Stored)
            index.Add(_message, _rows);
    }

    public override void Succeed() => _completion.SetResult(_result);

    public override void Fail(EnqueueResult why) => _completion.SetResult(why);
}
