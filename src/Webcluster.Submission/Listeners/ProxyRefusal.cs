using System.Diagnostics;
using Webcluster.Protocol.ProxyProtocol;

namespace Webcluster.Submission.Listeners;

/// <summary>Why a connection was closed at its PROXY header; the names are label values of metrics.</summary>
internal enum ProxyRefusal
{
    /// <summary>Not from a network that proxies connect from.</summary>
    Untrusted,

    /// <summary>As many headers are awaited as there may be connections.</summary>
    TooManyWaiting,

    TimedOut,

    /// <summary>The connection ended within the header.</summary>
    Lost,

    /// <summary>The node stopped meanwhile.</summary>
    Stopped,

    NoSignature,
    LineTooLong,
    LineMalformed,
    UnknownVersion,
    UnknownCommand,
    UnknownFamily,
    TooShort,
    TooLong,
}

internal static class ProxyRefusals
{
    public static ProxyRefusal Of(ProxyProblem problem) => problem switch
    {
        ProxyProblem.NoSignature => ProxyRefusal.NoSignature,
        ProxyProblem.LineTooLong => ProxyRefusal.LineTooLong,
        ProxyProblem.LineMalformed => ProxyRefusal.LineMalformed,
        ProxyProblem.UnknownVersion => ProxyRefusal.UnknownVersion,
        ProxyProblem.UnknownCommand => ProxyRefusal.UnknownCommand,
        ProxyProblem.UnknownFamily => ProxyRefusal.UnknownFamily,
        ProxyProblem.TooShort => ProxyRefusal.TooShort,
        ProxyProblem.TooLong => ProxyRefusal.TooLong,
        ProxyProblem.None or _ => throw new UnreachableException(),
    };

    /// <summary>Worth a line of the log: somebody is set up wrongly, or up to something.</summary>
    public static bool IsTold(ProxyRefusal refusal) => refusal is not (ProxyRefusal.Lost or ProxyRefusal.Stopped);

    public static string LabelOf(ProxyRefusal refusal) => refusal switch
    {
        ProxyRefusal.Untrusted => "untrusted",
        ProxyRefusal.TooManyWaiting => "too_many_waiting",
        ProxyRefusal.TimedOut => "timeout",
        ProxyRefusal.Lost => "lost",
        ProxyRefusal.Stopped => "stopped",
        ProxyRefusal.NoSignature => "no_signature",
        ProxyRefusal.LineTooLong => "line_too_long",
        ProxyRefusal.LineMalformed => "line_malformed",
        ProxyRefusal.UnknownVersion => "unknown_version",
        ProxyRefusal.UnknownCommand => "unknown_command",
        ProxyRefusal.UnknownFamily => "unknown_family",
        ProxyRefusal.TooShort => "too_short",
        ProxyRefusal.TooLong => "too_long",
        _ => throw new UnreachableException(),
    };
}
