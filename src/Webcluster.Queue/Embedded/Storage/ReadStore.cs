using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>A read-only connection: sees every commit that has returned. Used by one caller at a time.</summary>
internal sealed class ReadStore : IDisposable
{
    private readonly SqliteDatabase database;
    private readonly SqliteStatement content;
    private readonly SqliteStatement envelope;
    private readonly SqliteStatement recipients;

    public ReadStore(string path)
    {
        database = SqliteDatabase.Open(path, readOnly: true);
        try
        {
            database.Execute(StoreTuning.Reader);
            content = database.Prepare("SELECT prefix, body FROM messages WHERE row=?1");
            envelope = database.Prepare("SELECT envelope FROM messages WHERE row=?1");
            recipients = database.Prepare("SELECT recipients FROM deliveries WHERE row=?1");
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <returns>Null where there is no such message.</returns>
    public MessageContent? Content(long messageRow)
    {
        content.Bind(1, messageRow);
        try
        {
            return content.Step() ? new MessageContent(content.Octets(0).ToArray(), content.Octets(1).ToArray()) : null;
        }
        finally
        {
            content.Reset();
        }
    }

    /// <returns>Null where there is no such message or its record cannot be read.</returns>
    public Envelope? Envelope(long messageRow)
    {
        envelope.Bind(1, messageRow);
        try
        {
            return envelope.Step() && EnvelopeCodec.TryDecode(envelope.Octets(0), out var value) ? value : null;
        }
        finally
        {
            envelope.Reset();
        }
    }

    /// <returns>Null where there is no such delivery or its record cannot be read.</returns>
    public IReadOnlyList<QueuedRecipient>? Recipients(long deliveryRow)
    {
        recipients.Bind(1, deliveryRow);
        try
        {
            return recipients.Step() && RecipientsCodec.TryDecode(recipients.Octets(0), out var value) ? value : null;
        }
        finally
        {
            recipients.Reset();
        }
    }

    /// <summary>Octets inside the file that hold nothing and are written before it grows.</summary>
    public long ReusableOctets() => database.Number("PRAGMA freelist_count") * StoreTuning.PageOctets;

    public void Dispose()
    {
        content.Dispose();
        envelope.Dispose();
        recipients.Dispose();
        database.Dispose();
    }
}
