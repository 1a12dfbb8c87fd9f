using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles.Formats;

/// <summary>The formats by their names.</summary>
internal static class EventFormats
{
    public static IEventFormat Create(EventFileFormat format, EventOrigin origin) => format switch
    {
        EventFileFormat.Ecs => new EcsFormat(origin),
        EventFileFormat.Accounting => new AccountingFormat(origin.Sources),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>Whether it has a form for events of this kind.</summary>
    public static bool Has(EventFileFormat format, MailEventKind kind) => format switch
    {
        EventFileFormat.Ecs => true,
        EventFileFormat.Accounting => AccountingRecord.TypeOf(kind) is not null,
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };
}
