using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Webcluster.TestKit.Peers;

/// <summary>One thing a scripted server does on a connection.</summary>
internal abstract record ScriptStep
{
    /// <summary>Reads exactly these octets; anything else fails the script.</summary>
    public sealed record Expect(byte[] Octets) : ScriptStep;

    /// <summary>Reads up to and with the final dot, hands over what came before the ".\r\n".</summary>
    public sealed record Content(Action<byte[]>? Check) : ScriptStep;

    /// <summary>Reads at least this many octets, whatever they are.</summary>
    public sealed record Swallow(int Least) : ScriptStep;

    /// <summary>The client must send nothing more and close, cleanly or not.</summary>
    public sealed record ExpectEnd : ScriptStep;

    public sealed record Send(byte[] Octets) : ScriptStep;

    public sealed record StartTls(X509Certificate2 Certificate, SslProtocols Protocols, bool MustSucceed) : ScriptStep;

    /// <summary>Says nothing until the client gives up; what it sends meanwhile is read and kept in the transcript.</summary>
    public sealed record Silence : ScriptStep;

    /// <summary>FIN.</summary>
    public sealed record Close : ScriptStep;

    /// <summary>RST.</summary>
    public sealed record Reset : ScriptStep;

    public sealed record Do(Func<Task> Action) : ScriptStep;
}
