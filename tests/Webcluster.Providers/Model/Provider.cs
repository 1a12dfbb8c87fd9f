using System.Net;

namespace Webcluster.Providers.Model;

/// <summary>
/// One provider: decides about connections, messages and recipients, and writes down each decision. Thread-safe. It does no I/O, and its
/// time is the clock's.
/// </summary>
internal sealed class Provider(ProviderProfile profile, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, SourceStanding> _sources = [];
    private int _begun;

    public ProviderProfile Profile => profile;

    public ProviderRecord Record { get; } = new();

    /// <summary>One message in so many is refused, whatever the limits are; 0: none.</summary>
    public int RefuseEvery { get; set; }

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>A connection came; it is open until <see cref="Disconnect"/>.</summary>
    public Admission Connect(IPAddress source)
    {
        lock (_lock)
        {
            if (!_sources.TryGetValue(source, out var standing)) _sources[source] = standing = new SourceStanding(profile);
            standing.Open++;
            Record.Opened(standing.Open);
            return new Admission(source, standing) { Refusal = standing.Connect(Now) };
        }
    }

    public void Disconnect(Admission admission)
    {
        lock (_lock)
        {
            if (admission.IsOver) return;
            admission.IsOver = true;
            admission.Standing.Open--;
        }
    }

    /// <summary>The source was told that its connection is not wanted: that is an attempt, and an offence.</summary>
    public void Told(Admission admission)
    {
        lock (_lock) Note(admission, "", admission.Refusal);
    }

    /// <summary>A message is begun.</summary>
    /// <returns>Null: go on.</returns>
    public RefusalKind? Begin(Admission admission)
    {
        lock (_lock)
        {
            var refusal = admission.Standing.Begin(admission.Messages, Now);
            if (RefuseEvery > 0 && ++_begun % RefuseEvery == 0) refusal = RefusalKind.TooManyMessages;
            if (refusal is null) admission.Messages++;
            else Note(admission, "", refusal);
            return refusal;
        }
    }

    /// <inheritdoc cref="Begin"/>
    public RefusalKind? Recipient(Admission admission, string sender, string recipient)
    {
        lock (_lock)
        {
            var refusal = admission.Standing.Recipient(sender, recipient, Now);
            if (refusal is not null) Note(admission, recipient, refusal);
            return refusal;
        }
    }

    /// <summary>The mail is the provider's.</summary>
    /// <param name="failed">Recipients that it reports as failed, to whoever had sent to them.</param>
    public void Take(Admission admission, IReadOnlyList<string> recipients, IReadOnlyList<string> failed)
    {
        lock (_lock)
            foreach (var recipient in recipients)
                Note(admission, recipient, refusal: null);
        foreach (var recipient in failed) Record.AddFailed(recipient);
    }

    private void Note(Admission admission, string recipient, RefusalKind? refusal)
    {
        Record.Add(new Attempt(Now, admission.Source, admission.Hello, recipient, refusal));
        if (refusal is { } kind && kind.IsForRate() && admission.Standing.Offend(Now) is { } until)
            Record.Add(new Block(admission.Source, kind, Now, until));
    }
}

/// <summary>One open connection.</summary>
internal sealed class Admission(IPAddress source, SourceStanding standing)
{
    public IPAddress Source => source;

    public SourceStanding Standing => standing;

    /// <summary>Null: it is welcome.</summary>
    public RefusalKind? Refusal { get; init; }

    /// <summary>The name that the client gave.</summary>
    public string Hello { get; set; } = "";

    /// <summary>Begun so far.</summary>
    public int Messages { get; set; }

    public bool IsOver { get; set; }
}
