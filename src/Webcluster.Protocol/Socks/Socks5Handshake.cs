using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Webcluster.Protocol.Socks;

/// <summary>
/// The client's side of SOCKS5 (RFC 1928) with the user name and password of RFC 1929, CONNECT to an address only, as a state machine:
/// <code>
/// state       the proxy says       next         and is sent
/// Choosing    05 00                Ready        -
/// Choosing    05 02                Proving      01 user password
/// Proving     01 00                Ready        -
/// Ready       (nothing is read)    Connecting   05 01 00 address     by Connect()
/// Connecting  05 00 00 type ...    Connected    -
/// any         anything else        Failed       -
/// </code>
/// It says how many octets it needs next, so that nothing of the relayed connection is read with them; at most 262 in one answer.
/// </summary>
public sealed class Socks5Handshake
{
    /// <summary>RFC 1929: one octet of length.</summary>
    public const int MaxCredential = 255;

    private const byte Version = 5;
    private const byte AuthVersion = 1;
    private const byte NoAuthentication = 0;
    private const byte UserPassword = 2;
    private const byte Success = 0;
    private const int ReplyHead = 5;

    private readonly byte[]? _user;
    private readonly byte[]? _password;
    private readonly byte[] _head = new byte[ReplyHead];
    private bool _hasHead;

    /// <param name="user">Null: the proxy asks for none. Else 1 to <see cref="MaxCredential"/> octets of UTF-8, and so the
    /// password.</param>
    public Socks5Handshake(string? user, string? password)
    {
        if (user is null) return;
        _user = Credential(user);
        _password = Credential(password ?? "");
    }

    public Socks5State State { get; private set; } = Socks5State.Choosing;

    /// <summary>Why it failed.</summary>
    public Socks5Problem Problem { get; private set; }

    /// <summary>How many octets to read next, exactly; 0 where nothing is to be read.</summary>
    public int Wanted { get; private set; } = 2;

    /// <summary>What is sent first.</summary>
    public byte[] Greeting => _user is null ? [Version, 1, NoAuthentication] : [Version, 2, NoAuthentication, UserPassword]; // rfc1928#3

    /// <summary>Takes <see cref="Wanted"/> octets.</summary>
    /// <returns>What is to be sent in answer; often nothing.</returns>
    public byte[] Take(ReadOnlySpan<byte> octets)
    {
        if (octets.Length != Wanted || octets.IsEmpty) throw new ArgumentException($"{Wanted} octets are wanted", nameof(octets));
        switch (State)
        {
            case Socks5State.Choosing:
                return TakeMethod(octets);
            case Socks5State.Proving:
                // rfc1929#2
                if (octets[0] != AuthVersion) return Fail(Socks5Problem.NotSocks5);
                if (octets[1] != Success) return Fail(Socks5Problem.BadCredentials);
                Enter(Socks5State.Ready, 0);
                return [];
            default:
                TakeReply(octets);
                return [];
        }
    }

    /// <summary>Asks for the connection. Only when <see cref="Socks5State.Ready"/>.</summary>
    /// <returns>What is to be sent.</returns>
    public byte[] Connect(IPEndPoint target)
    {
        if (State != Socks5State.Ready) throw new InvalidOperationException($"CONNECT in state {State}");
        Enter(Socks5State.Connecting, ReplyHead);
        // rfc1928#4
        var type = target.AddressFamily == AddressFamily.InterNetworkV6 ? AddressType.IPv6 : AddressType.IPv4;
        return [Version, 1, 0, (byte)type, .. target.Address.GetAddressBytes(), (byte)(target.Port >> 8), (byte)target.Port];
    }

    private byte[] TakeMethod(ReadOnlySpan<byte> octets)
    {
        if (octets[0] != Version) return Fail(Socks5Problem.NotSocks5);
        switch (octets[1])
        {
            case NoAuthentication:
                Enter(Socks5State.Ready, 0);
                return [];
            case UserPassword when _user is not null:
                Enter(Socks5State.Proving, 2);
                return [AuthVersion, (byte)_user.Length, .. _user, (byte)_password!.Length, .. _password];
            default:
                return Fail(Socks5Problem.NoMethod);
        }
    }

    // rfc1928#6: the reply ends in an address of one of three lengths. It is read in two parts; what it names is of no interest here.
    private void TakeReply(ReadOnlySpan<byte> octets)
    {
        if (!_hasHead)
        {
            octets.CopyTo(_head);
            _hasHead = true;
            if (_head[0] != Version || _head[2] != 0) Fail(Socks5Problem.NotSocks5);
            // Some proxies close behind a refusal without the rest of it.
            else if (_head[1] != Success) Fail(ProblemOf(_head[1]));
            else if (RestOf((AddressType)_head[3], _head[4]) is { } rest) Wanted = rest;
            else Fail(Socks5Problem.NotSocks5);
            return;
        }

        Enter(Socks5State.Connected, 0);
    }

    /// <summary>Octets behind the head: the address but its first octet, and the port.</summary>
    private static int? RestOf(AddressType type, byte first) => type switch
    {
        AddressType.IPv4 => 3 + 2,
        AddressType.IPv6 => 15 + 2,
        AddressType.Name => first + 2,
        _ => null,
    };

    private static Socks5Problem ProblemOf(byte reply) => reply switch
    {
        2 => Socks5Problem.NotAllowed,
        3 => Socks5Problem.NetworkUnreachable,
        4 => Socks5Problem.HostUnreachable,
        5 => Socks5Problem.ConnectionRefused,
        6 => Socks5Problem.TimedOut,
        7 => Socks5Problem.NoConnect,
        8 => Socks5Problem.NoSuchAddressType,
        _ => Socks5Problem.ProxyFailure,
    };

    private byte[] Fail(Socks5Problem problem)
    {
        Problem = problem;
        Enter(Socks5State.Failed, 0);
        return [];
    }

    private void Enter(Socks5State state, int wanted) => (State, Wanted) = (state, wanted);

    private static byte[] Credential(string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        return octets.Length is >= 1 and <= MaxCredential
            ? octets
            : throw new ArgumentException($"1 to {MaxCredential} octets", nameof(text));
    }

    private enum AddressType : byte { IPv4 = 1, Name = 3, IPv6 = 4 }
}
