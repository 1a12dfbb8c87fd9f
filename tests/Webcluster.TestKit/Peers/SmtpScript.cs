using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Webcluster.TestKit.Peers;

/// <summary>
/// What a scripted server does on one connection, step by step. Text stands for octets (Latin-1), so "\r\n" is written out and any octet
/// can be.
/// A script that ends without Close or Reset closes.
/// </summary>
public sealed class SmtpScript
{
    private readonly List<ScriptStep> _steps = [];

    internal IReadOnlyList<ScriptStep> Steps => _steps;

    /// <summary>Octets of a reply that are written at a time; 0: all.</summary>
    internal int SegmentSize { get; private set; }

    public static SmtpScript New => new();

    /// <summary>A banner, then EHLO answered with these keywords.</summary>
    public static SmtpScript Greet(string clientName, params string[] keywords) =>
        New.Send("220 mx.test ESMTP\r\n").On($"EHLO {clientName}\r\n", EhloReply(keywords));

    public static string EhloReply(params string[] keywords)
    {
        string[] lines = ["mx.test greets you", .. keywords];
        return string.Concat(lines.Select((line, i) => $"250{(i == lines.Length - 1 ? ' ' : '-')}{line}\r\n"));
    }

    public SmtpScript Expect(string octets) => Add(new ScriptStep.Expect(Octets(octets)));

    public SmtpScript Send(string octets) => Add(new ScriptStep.Send(Octets(octets)));

    public SmtpScript On(string expected, string reply) => Expect(expected).Send(reply);

    /// <summary>Reads content up to its final dot, which must be exactly this (still dot-stuffed), and replies.</summary>
    public SmtpScript OnContent(string expected, string reply) => Add(new ScriptStep.Content(came =>
    {
        var text = Encoding.Latin1.GetString(came);
        if (text != expected) throw new ScriptFailedException($"expected content {Show(expected)}, came {Show(text)}");
    })).Send(reply);

    public SmtpScript OnAnyContent(string reply) => Add(new ScriptStep.Content(null)).Send(reply);

    public SmtpScript Swallow(int least = 1) => Add(new ScriptStep.Swallow(least));

    public SmtpScript ExpectEnd() => Add(new ScriptStep.ExpectEnd());

    /// <summary>The goodbye, and the end.</summary>
    public SmtpScript Quit() => On("QUIT\r\n", "221 2.0.0 bye\r\n").ExpectEnd();

    public SmtpScript StartTls(X509Certificate2 certificate, SslProtocols protocols = SslProtocols.None) =>
        Add(new ScriptStep.StartTls(certificate, protocols, MustSucceed: true));

    /// <summary>A handshake that the client, or the protocol versions, will not let succeed.</summary>
    public SmtpScript FailTls(X509Certificate2 certificate, SslProtocols protocols = SslProtocols.None) =>
        Add(new ScriptStep.StartTls(certificate, protocols, MustSucceed: false));

    public SmtpScript Silence() => Add(new ScriptStep.Silence());

    public SmtpScript Close() => Add(new ScriptStep.Close());

    public SmtpScript Reset() => Add(new ScriptStep.Reset());

    public SmtpScript Do(Func<Task> action) => Add(new ScriptStep.Do(action));

    /// <summary>Says that the script has come so far.</summary>
    public SmtpScript Signal(TaskCompletionSource reached) => Do(() =>
    {
        reached.TrySetResult();
        return Task.CompletedTask;
    });

    public SmtpScript WaitFor(Task gate) => Do(() => gate);

    /// <summary>Everything that is sent goes out in segments of this many octets.</summary>
    public SmtpScript InSegmentsOf(int octets)
    {
        SegmentSize = octets;
        return this;
    }

    internal static string Show(string octets) =>
        '"' + octets.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\0", "\\0", StringComparison.Ordinal) + '"';

    private static byte[] Octets(string text) => Encoding.Latin1.GetBytes(text);

    private SmtpScript Add(ScriptStep step)
    {
        _steps.Add(step);
        return this;
    }
}

/// <summary>The client did something else than the script says.</summary>
public sealed class ScriptFailedException(string message) : Exception(message);
