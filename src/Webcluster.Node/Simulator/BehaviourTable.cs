using System.Globalization;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Node.Simulator;

/// <summary>
/// What a local part makes the simulator do. The words are those of docs/simulator.md, which a test compares with this table. Recipients
/// decide; the sender's local part decides only for MAIL.
/// </summary>
internal static class BehaviourTable
{
    public static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan UsualDelay = TimeSpan.FromSeconds(10);
    private static readonly Behaviour Deliver = new Behaviour.Deliver();

    /// <summary>Whole local parts.</summary>
    public static IReadOnlyList<(string LocalPart, Behaviour Behaviour)> Words { get; } =
    [
        ("deliver", Deliver),
        ("user-unknown", Refuse(SimulatedStage.Rcpt, 550, new EnhancedCode(5, 1, 1), "no such user")),
        ("mailbox-full", Refuse(SimulatedStage.Rcpt, 552, new EnhancedCode(5, 2, 2), "mailbox full")),
        ("greylist", new Behaviour.Greylist()),
        ("spam", Refuse(SimulatedStage.Dot, 550, new EnhancedCode(5, 7, 1), "content refused")),
        ("slow-mail", new Behaviour.Delay(SimulatedStage.Mail, UsualDelay)),
        ("slow-rcpt", new Behaviour.Delay(SimulatedStage.Rcpt, UsualDelay)),
        ("slow-data", new Behaviour.Delay(SimulatedStage.Data, UsualDelay)),
        ("slow-dot", new Behaviour.Delay(SimulatedStage.Dot, UsualDelay)),
        ("drop-at-rcpt", new Behaviour.Drop(SimulatedStage.Rcpt)),
        ("drop-before-dot", new Behaviour.Drop(SimulatedStage.Data)),
        ("drop-after-dot", new Behaviour.Drop(SimulatedStage.Dot)),
    ];

    /// <summary>
    /// "slow-dot-3" waits 3 s; "421-after-5"; "451", "550-5.1.1", "451-4.7.1-anything" answer at RCPT, with "mail-", "data-" or "dot-" in
    /// front at that stage. What stands for nothing is delivered.
    /// </summary>
    public static Behaviour Of(string localPart)
    {
        var name = localPart.ToLowerInvariant();
        foreach (var (word, behaviour) in Words)
            if (name == word || (behaviour is not Behaviour.Delay && name.StartsWith(word + '+', StringComparison.Ordinal)))
                return behaviour;
        return TimedDelay(name) ?? Exhaustion(name) ?? CodedAnswer(name) ?? Deliver;
    }

    private static Behaviour? TimedDelay(string name)
    {
        foreach (var (word, behaviour) in Words)
        {
            if (behaviour is not Behaviour.Delay delay || !name.StartsWith(word + '-', StringComparison.Ordinal)) continue;
            if (!TryNumber(name.AsSpan(word.Length + 1), out var seconds)) continue;
            return delay with { By = seconds < LongestDelay.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestDelay };
        }
        return null;
    }

    private static Behaviour.Exhaust? Exhaustion(string name) =>
        name.StartsWith("421-after-", StringComparison.Ordinal) && TryNumber(name.AsSpan("421-after-".Length), out var messages)
            ? new Behaviour.Exhaust(messages)
            : null;

    private static Behaviour.Answer? CodedAnswer(string name)
    {
        var stage = SimulatedStage.Rcpt;
        foreach (var (prefix, at) in new[] { ("mail-", SimulatedStage.Mail), ("data-", SimulatedStage.Data), ("dot-", SimulatedStage.Dot) })
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                (stage, name) = (at, name[prefix.Length..]);
        var parts = name.Split('-', 3);
        if (parts[0].Length != 3 || !TryNumber(parts[0], out var code) || code is < 400 or > 599) return null;
        // Where none is asked for, the general one of its class: rfc3463#3.1 X.0.0.
        var enhanced = parts.Length > 1 && EnhancedCode.TryParse(parts[1], out var asked) && asked.Class == code / 100
            ? asked
            : new EnhancedCode((byte)(code / 100), 0, 0);
        return Refuse(stage, code, enhanced, "as the local part asks");
    }

    private static Behaviour.Answer Refuse(SimulatedStage stage, int code, EnhancedCode enhanced, string text) =>
        new(stage, new SmtpReply(code, enhanced, text));

    private static bool TryNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
