using System.Net;
using System.Text;
using Shouldly;
using Webcluster.Protocol.Socks;
using Xunit;

namespace Webcluster.Protocol.Tests.Socks;

/// <summary>The exact octets of RFC 1928 and RFC 1929.</summary>
public sealed class Socks5HandshakeTests
{
    private static readonly IPEndPoint Target = new(IPAddress.Parse("192.0.2.25"), 25);

    [Fact]
    public void Greeting_OffersWhatThereIs()
    {
        new Socks5Handshake(null, null).Greeting.ShouldBe([5, 1, 0]);
        new Socks5Handshake("u", "p").Greeting.ShouldBe([5, 2, 0, 2]);
    }

    [Fact]
    public void Handshake_WithoutUser_ConnectsOverIPv4()
    {
        var handshake = new Socks5Handshake(null, null);
        handshake.Wanted.ShouldBe(2);
        handshake.Take([5, 0]).ShouldBeEmpty();
        (handshake.State, handshake.Wanted).ShouldBe((Socks5State.Ready, 0));
        handshake.Connect(Target).ShouldBe([5, 1, 0, 1, 192, 0, 2, 25, 0, 25]);
        handshake.Wanted.ShouldBe(5);
        handshake.Take([5, 0, 0, 1, 127]).ShouldBeEmpty();
        handshake.Wanted.ShouldBe(5);
        handshake.Take([0, 0, 1, 0, 80]).ShouldBeEmpty();
        (handshake.State, handshake.Wanted, handshake.Problem).ShouldBe((Socks5State.Connected, 0, Socks5Problem.None));
    }

    [Fact]
    public void Handshake_WithUser_ProvesItAndConnectsOverIPv6()
    {
        var handshake = new Socks5Handshake("anna", "pässword");
        var password = Encoding.UTF8.GetBytes("pässword");
        handshake.Take([5, 2]).ShouldBe([1, 4, .. "anna"u8, 9, .. password]);
        handshake.Wanted.ShouldBe(2);
        handshake.Take([1, 0]).ShouldBeEmpty();
        handshake.Connect(new IPEndPoint(IPAddress.Parse("2001:db8::1"), 0x1234))
            .ShouldBe([5, 1, 0, 4, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x12, 0x34]);
        handshake.Take([5, 0, 0, 4, 0]);
        handshake.Wanted.ShouldBe(17);
        handshake.Take(new byte[17]);
        handshake.State.ShouldBe(Socks5State.Connected);
    }

    [Fact]
    public void Handshake_ProxyWantsNoUserAfterAll_GoesOn()
    {
        var handshake = new Socks5Handshake("u", "p");
        handshake.Take([5, 0]).ShouldBeEmpty();
        handshake.State.ShouldBe(Socks5State.Ready);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 3)]
    [InlineData(255, 257)]
    public void Reply_NamesAHost_ItsLengthIsRead(byte length, int rest)
    {
        var handshake = Connecting();
        handshake.Take([5, 0, 0, 3, length]);
        handshake.Wanted.ShouldBe(rest);
        handshake.Take(new byte[rest]);
        handshake.State.ShouldBe(Socks5State.Connected);
    }

    public static TheoryData<string?, byte[], Socks5Problem> Methods => new()
    {
        { null, [4, 0], Socks5Problem.NotSocks5 },
        { null, [(byte)'H', (byte)'T'], Socks5Problem.NotSocks5 },
        { null, [5, 2], Socks5Problem.NoMethod },
        { null, [5, 255], Socks5Problem.NoMethod },
        { "u", [5, 1], Socks5Problem.NoMethod },
        { "u", [5, 255], Socks5Problem.NoMethod },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void Method_NotOffered_Fails(string? user, byte[] answer, Socks5Problem expected)
    {
        var handshake = new Socks5Handshake(user, user);
        handshake.Take(answer).ShouldBeEmpty();
        (handshake.State, handshake.Problem, handshake.Wanted).ShouldBe((Socks5State.Failed, expected, 0));
    }

    [Theory]
    [InlineData(1, 1, Socks5Problem.BadCredentials)]
    [InlineData(1, 255, Socks5Problem.BadCredentials)]
    [InlineData(5, 0, Socks5Problem.NotSocks5)]
    public void Proof_Refused_Fails(byte version, byte status, Socks5Problem expected)
    {
        var handshake = new Socks5Handshake("u", "p");
        handshake.Take([5, 2]);
        handshake.Take([version, status]);
        (handshake.State, handshake.Problem).ShouldBe((Socks5State.Failed, expected));
    }

    public static TheoryData<byte[], Socks5Problem, bool> Replies => new()
    {
        { [5, 1, 0, 1, 0], Socks5Problem.ProxyFailure, false },
        { [5, 2, 0, 1, 0], Socks5Problem.NotAllowed, true },
        { [5, 3, 0, 1, 0], Socks5Problem.NetworkUnreachable, true },
        { [5, 4, 0, 1, 0], Socks5Problem.HostUnreachable, true },
        { [5, 5, 0, 1, 0], Socks5Problem.ConnectionRefused, true },
        { [5, 6, 0, 1, 0], Socks5Problem.TimedOut, true },
        { [5, 7, 0, 1, 0], Socks5Problem.NoConnect, false },
        { [5, 8, 0, 1, 0], Socks5Problem.NoSuchAddressType, true },
        { [5, 9, 0, 1, 0], Socks5Problem.ProxyFailure, false },
        { [5, 255, 0, 1, 0], Socks5Problem.ProxyFailure, false },
        { [4, 0, 0, 1, 0], Socks5Problem.NotSocks5, false },
        { [5, 0, 1, 1, 0], Socks5Problem.NotSocks5, false },
        { [5, 0, 0, 2, 0], Socks5Problem.NotSocks5, false },
        { [5, 0, 0, 0, 0], Socks5Problem.NotSocks5, false },
    };

    [Theory]
    [MemberData(nameof(Replies))]
    public void Reply_Refusal_SaysWhoseItIs(byte[] reply, Socks5Problem expected, bool ofDestination)
    {
        var handshake = Connecting();
        handshake.Take(reply);
        (handshake.State, handshake.Problem, handshake.Wanted).ShouldBe((Socks5State.Failed, expected, 0));
        expected.IsOfDestination().ShouldBe(ofDestination);
        expected.Describe().ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void Take_AnyOctets_NeverWantsMoreThanTheLongestReply()
    {
        var chance = new Random(5);
        for (var run = 0; run < 20_000; run++)
        {
            var handshake = new Socks5Handshake("u", "p");
            for (var steps = 0; handshake.State is not (Socks5State.Connected or Socks5State.Failed); steps++)
            {
                steps.ShouldBeLessThan(6);
                if (handshake.State == Socks5State.Ready) handshake.Connect(Target);
                handshake.Wanted.ShouldBeInRange(1, 257);
                var octets = new byte[handshake.Wanted];
                for (var i = 0; i < octets.Length; i++) octets[i] = (byte)(chance.Next(3) == 0 ? chance.Next(256) : new[] { 5, 0, 0, 2, 1 }[chance.Next(5)]);
                handshake.Take(octets);
            }
        }
    }

    [Fact]
    public void Credentials_OfTheWrongLength_AreNone()
    {
        Should.Throw<ArgumentException>(() => new Socks5Handshake("", "p"));
        Should.Throw<ArgumentException>(() => new Socks5Handshake("u", new string('p', 256)));
        new Socks5Handshake(new string('u', 255), new string('p', 255)).Take([5, 2]).Length.ShouldBe(513);
    }

    private static Socks5Handshake Connecting()
    {
        var handshake = new Socks5Handshake(null, null);
        handshake.Take([5, 0]);
        handshake.Connect(Target);
        return handshake;
    }
}
