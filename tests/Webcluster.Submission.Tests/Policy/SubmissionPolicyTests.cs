using System.Net;
using Shouldly;
using Webcluster.Protocol.Units;
using Webcluster.Submission.Policy;
using Xunit;

namespace Webcluster.Submission.Tests.Policy;

public sealed class SubmissionPolicyTests
{
    [Fact]
    public void Validate_Defaults_HaveNoErrors() =>
        SubmissionPolicy.Validate(new SubmissionOptions { HostName = "mx.example" }).ShouldBeEmpty();

    [Fact]
    public void Validate_ManyErrors_NamesAll()
    {
        var options = new SubmissionOptions
        {
            HostName = "not a name",
            MessageLifetime = TimeSpan.Zero,
            Listeners =
            [
                new() { Address = "587" },
                new() { Address = "0.0.0.0" },
                new() { Address = "::1:587", Trusted = ["10.0.0.0/33", "x"], TrustedTenant = "" },
            ],
        };
        options.Limits.MessageSize = new ByteSize(1);
        options.Limits.Recipients = 99;
        options.Limits.CommandTime = TimeSpan.FromDays(60);
        options.Auth.FailureDelayMost = TimeSpan.Zero;
        SubmissionPolicy.Validate(options).Select(error => error.Split(':')[0]).ShouldBe(
        [
            "host_name", "listeners[0].address", "listeners[1].address", "listeners[2].address", "listeners[2].trusted_tenant",
            "listeners[2].trusted",
            "listeners[2].trusted", "message_lifetime", "limits.message_size", "limits.recipients", "limits.command_time",
            "auth.failure_delay_most",
        ]);
        Should.Throw<ArgumentException>(() => SubmissionPolicy.Create(options))
            .Message.ShouldContain("listeners[1].address: '0.0.0.0' is not ip:port");
    }

    [Theory]
    [InlineData("shop", true)]
    [InlineData("shop.example_1", true)]
    [InlineData("Acme Mail", false)]
    [InlineData("M\u00fcller", false)]
    [InlineData("a:b", false)]
    [InlineData("#a", false)]
    public void Validate_TrustedTenant_IsAName(string tenant, bool valid)
    {
        var options = new SubmissionOptions { HostName = "mx.example", Listeners = [new() { TrustedTenant = tenant }] };
        SubmissionPolicy.Validate(options).Select(error => error.Split(':')[0])
            .ShouldBe(valid ? [] : ["listeners[0].trusted_tenant"]);
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, true)]
    [InlineData(50_000, true)]
    [InlineData(50_001, false)]
    public void Validate_Recipients_AreBounded(int recipients, bool valid)
    {
        var options = new SubmissionOptions { HostName = "mx.example" };
        options.Limits.Recipients = recipients;
        SubmissionPolicy.Validate(options).Count.ShouldBe(valid ? 0 : 1);
    }

    [Theory]
    [InlineData(ProxyProtocolMode.Required, "", "listeners[0].proxy_protocol_from: needed")]
    [InlineData(ProxyProtocolMode.Required, "10.0.0.0/33", "listeners[0].proxy_protocol_from: '10.0.0.0/33' is no network")]
    [InlineData(ProxyProtocolMode.Off, "10.0.0.0/8", "listeners[0].proxy_protocol_from: means nothing")]
    public void Validate_ProxyProtocol_NeedsNetworks(ProxyProtocolMode mode, string from, string error)
    {
        var listener = new SubmissionListenerOptions
        {
            ProxyProtocol = mode, ProxyProtocolFrom = [.. from.Split(',', StringSplitOptions.RemoveEmptyEntries)],
        };
        SubmissionPolicy.Validate(new SubmissionOptions { HostName = "mx.example", Listeners = [listener] })
            .ShouldHaveSingleItem().ShouldStartWith(error);
    }

    [Theory]
    [InlineData("0.0.0.0:587")]
    [InlineData("[::]:465")]
    [InlineData("[::1]:0")]
    public void Create_Address_IsTaken(string address)
    {
        var policy = SubmissionPolicy.Create(new SubmissionOptions { HostName = "mx.example", Listeners = [new() { Address = address }] });
        policy.Listeners.Single().EndPoint.ToString().ShouldBe(address);
    }

    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.255", true)]
    [InlineData("192.0.2.0/24", "192.0.3.0", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::1", true)]
    [InlineData("::1", "::2", false)]
    [InlineData("::ffff:10.0.0.0/104", "10.255.0.1", true)]
    [InlineData("::ffff:10.0.0.0/104", "11.0.0.1", false)]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7", true)]
    public void Trusts_Network_HasItsAddresses(string network, string address, bool trusted) =>
        ListenerPolicy.Create(new SubmissionListenerOptions { Trusted = [network] }, "", [])!.Trusts(IPAddress.Parse(address))
            .ShouldBe(trusted);
}
