using System.Diagnostics;

namespace Webcluster.Protocol.Socks;

/// <summary>Why a SOCKS5 proxy gives no connection.</summary>
public enum Socks5Problem
{
    None,

    /// <summary>What answers speaks something else.</summary>
    NotSocks5,

    /// <summary>The proxy takes neither nobody nor a user name with a password.</summary>
    NoMethod,
    BadCredentials,
    ProxyFailure,

    /// <summary>The proxy's rules forbid this destination.</summary>
    NotAllowed,
    NetworkUnreachable,
    HostUnreachable,
    ConnectionRefused,
    TimedOut,

    /// <summary>The proxy does not know CONNECT.</summary>
    NoConnect,

    /// <summary>The proxy does not connect to addresses of this family.</summary>
    NoSuchAddressType,
}

public static class Socks5ProblemText
{
    /// <summary>Is it about this destination alone? Else it is the proxy's, whatever the destination.</summary>
    public static bool IsOfDestination(this Socks5Problem problem) => problem
        is Socks5Problem.NotAllowed or Socks5Problem.NetworkUnreachable or Socks5Problem.HostUnreachable
        or Socks5Problem.ConnectionRefused or Socks5Problem.TimedOut or Socks5Problem.NoSuchAddressType;

    public static string Describe(this Socks5Problem problem) => problem switch
    {
        Socks5Problem.None => "nothing",
        Socks5Problem.NotSocks5 => "it does not answer as SOCKS5",
        Socks5Problem.NoMethod => "it wants another kind of authentication",
        Socks5Problem.BadCredentials => "it refuses the user name or password",
        Socks5Problem.ProxyFailure => "general failure",
        Socks5Problem.NotAllowed => "its rules forbid the destination",
        Socks5Problem.NetworkUnreachable => "network unreachable",
        Socks5Problem.HostUnreachable => "host unreachable",
        Socks5Problem.ConnectionRefused => "connection refused",
        Socks5Problem.TimedOut => "timed out",
        Socks5Problem.NoConnect => "it does not know CONNECT",
        Socks5Problem.NoSuchAddressType => "it does not connect to addresses of this family",
        _ => throw new UnreachableException(),
    };
}
