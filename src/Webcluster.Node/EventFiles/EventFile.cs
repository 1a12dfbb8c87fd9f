using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles;

/// <summary>A configured file.</summary>
internal sealed record EventFile(string Path, EventFileFormat Format)
{
    public IReadOnlySet<MailEventKind> Kinds { get; init; } = new HashSet<MailEventKind>();

    /// <summary>Null: of all mail, and what is of no mail.</summary>
    public string? Tenant { get; init; }

    public long MaxSize { get; init; } = long.MaxValue;

    public bool IsDaily { get; init; }

    /// <summary>How many rolled files stay.</summary>
    public int Keep { get; init; } = 1;

    public bool Wants(MailEvent one) => Kinds.Contains(one.Kind) && (Tenant is null || one.Tenant == Tenant);
}
