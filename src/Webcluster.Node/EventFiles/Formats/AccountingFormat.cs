using System.Buffers;
using System.Globalization;
using System.Text;
using Webcluster.Node.Files;
using Webcluster.Node.Logging;
using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles.Formats;

/// <summary>
/// CSV (RFC 4180) with the columns of PowerMTA's accounting files, and behind them some of our own: a line for each recipient of an event.
/// Control characters in what others said are escaped, so that a record is one line.
/// </summary>
internal sealed class AccountingFormat(SourceAddresses sources) : IEventFormat
{
    private static readonly (string Name, Func<AccountingRecord, string?> Value)[] Columns =
    [
        ("type", record => record.Type),
        ("timeLogged", record => record.TimeLogged),
        ("timeQueued", record => record.TimeQueued),
        ("orig", record => record.Event.Sender),
        ("rcpt", record => record.Recipient),
        ("orcpt", _ => null),
        ("dsnAction", record => record.Action),
        ("dsnStatus", record => record.Status),
        ("dsnDiag", record => record.Diagnostic),
        ("dsnMta", record => record.RemoteHost),
        ("bounceCat", record => BounceCategories.Of(record.Event)),
        ("srcType", _ => null),
        ("srcMta", _ => null),
        ("dlvType", record => record.DeliveryType),
        ("dlvSourceIp", record => record.SourceAddress),
        ("dlvDestinationIp", record => record.Event.Address),
        ("dlvEsmtpAvailable", _ => null),
        ("dlvSize", record => record.Event.Size?.ToString(CultureInfo.InvariantCulture)),
        ("vmta", record => record.Event.Source),
        ("jobId", record => record.Event.Tags is { Count: > 0 } tags ? string.Join(' ', tags) : null),
        ("envId", _ => null),
        ("queue", record => record.Queue),
        ("vmtaPool", record => record.Event.Pool),
        ("dlvTlsProtocol", record => TlsWords.Of(record.Event.Tls).Protocol),
        ("dlvTlsCipher", record => TlsWords.Of(record.Event.Tls).Cipher),
        ("rcvSmtpUser", _ => null),
        ("message", record => record.Event.Message),
        ("tenant", record => record.Event.Tenant),
        ("provider", record => record.Event.Provider),
        ("bounceClass", record => record.Event.Bounce),
        ("attempt", record => record.Event.Attempt?.ToString(CultureInfo.InvariantCulture)),
    ];

    private readonly StringBuilder _line = new();
    private readonly StringWriter _field = new(CultureInfo.InvariantCulture);

    public ReadOnlyMemory<byte> Head { get; } = Encoding.UTF8.GetBytes(string.Join(',', Columns.Select(column => column.Name)) + "\r\n");

    public void Append(MailEvent one, IBufferWriter<byte> lines)
    {
        if (AccountingRecord.TypeOf(one.Kind) is not { } type) return;
        var source = sources.Of(one);
        _line.Clear();
        foreach (var recipient in one.Recipients ?? [one.Recipient!])
        {
            var record = new AccountingRecord(type, one, recipient, source);
            CsvLine.Append(_line, Columns.Select(column => Plain(column.Value(record))));
        }

        Encoding.UTF8.GetBytes(_line.ToString(), lines);
    }

    private string? Plain(string? field)
    {
        if (field is null) return null;
        _field.GetStringBuilder().Clear();
        PlainText.WriteEscaped(field, _field);
        return _field.ToString();
    }
}
