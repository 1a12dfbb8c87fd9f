using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>Stores a message. Its records are made by the caller's thread, so the writer only writes.</summary>
internal sealed class EnqueueOperation : WriteOperation
{
    private readonly TaskCompletionSource<EnqueueResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NewMessage message;
    private readonly byte[] envelope;
    private readonly byte[][] recipients;
    private readonly DeliveryRow[] rows;
    private EnqueueResult result;

    public EnqueueOperation(NewMessage message)
    {
        if (message.Deliveries.Count == 0)
            throw new ArgumentException("A message has at least one delivery.", nameof(message));
        this.message = message;
        envelope = EnvelopeCodec.Encode(message.Envelope);
        recipients = new byte[message.Deliveries.Count][];
        rows = new DeliveryRow[message.Deliveries.Count];
        var due = Math.Max(message.AcceptedAt.UtcTicks, message.NotBefore?.UtcTicks ?? 0);
        for (var i = 0; i < rows.Length; i++)
        {
            var delivery = message.Deliveries[i];
            recipients[i] = RecipientsCodec.Encode(delivery.Recipients);
            rows[i] = new DeliveryRow(
                0, 0, new DeliveryId(message.Id, i), delivery.Lane, new FlowKey(delivery.Class, message.Envelope.Tenant), due, 0, false,
                message.AcceptedAt.UtcTicks, message.ExpiresAt.UtcTicks, message.Content.Length);
        }
    }

    public Task<EnqueueResult> Completion => completion.Task;

    public override long Octets => message.Content.Length;

    public override bool ShowsFailure => false;

    public override void Write(WriteBatch batch)
    {
        result = batch.TryAdd(message.Id) ? EnqueueResult.Stored : EnqueueResult.AlreadyStored;
        if (result is EnqueueResult.AlreadyStored)
            return;
        var messageRow = batch.Store.InsertMessage(envelope, message.Content);
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i] with { MessageRow = messageRow };
            rows[i] = row with { Row = batch.Store.InsertDelivery(row, recipients[i]) };
        }
    }

    public override void Apply(QueueIndex index)
    {
        if (result is EnqueueResult.Stored)
            index.Add(message, rows);
    }

    public override void Succeed() => completion.SetResult(result);

    public override void Fail(EnqueueResult why) => completion.SetResult(why);
}
