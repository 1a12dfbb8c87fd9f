using System.Net;
using Shouldly;
using Webcluster.Delivery.Dns;
using Xunit;

namespace Webcluster.Delivery.Tests.Dns;

public sealed class AddressAnswerTests
{
    [Theory]
    [InlineData(DnsStatus.Found, DnsStatus.Found, DnsStatus.Found)]
    [InlineData(DnsStatus.Found, DnsStatus.TimedOut, DnsStatus.Found)]
    [InlineData(DnsStatus.Found, DnsStatus.NoData, DnsStatus.Found)]
    [InlineData(DnsStatus.NoData, DnsStatus.NoData, DnsStatus.NoData)]
    [InlineData(DnsStatus.NoData, DnsStatus.TimedOut, DnsStatus.TimedOut)]
    [InlineData(DnsStatus.NoData, DnsStatus.ServerFailure, DnsStatus.ServerFailure)]
    [InlineData(DnsStatus.TimedOut, DnsStatus.ServerFailure, DnsStatus.ServerFailure)]
    [InlineData(DnsStatus.NameError, DnsStatus.ServerFailure, DnsStatus.NameError)]
    [InlineData(DnsStatus.NameError, DnsStatus.NoData, DnsStatus.NameError)]
    public void Combine_Statuses_NeverMakeAFailureAnAbsence(DnsStatus one, DnsStatus other, DnsStatus expected)
    {
        AddressAnswer.Combine([Answer(one, 10, true), Answer(other, 5, true)]).Status.ShouldBe(expected);
        AddressAnswer.Combine([Answer(other, 5, true), Answer(one, 10, true)]).Status.ShouldBe(expected);
    }

    [Fact]
    public void Combine_Answers_ShortestTtlAndAllAuthenticated()
    {
        AddressAnswer.Combine([Answer(DnsStatus.Found, 10, true), Answer(DnsStatus.NoData, 5, true)]).ShouldSatisfyAllConditions(
            a => a.Ttl.ShouldBe(TimeSpan.FromSeconds(5)),
            a => a.Authenticated.ShouldBeTrue(),
            a => a.Records.ShouldBe([IPAddress.Loopback]));
        AddressAnswer.Combine([Answer(DnsStatus.Found, 10, true), Answer(DnsStatus.NoData, 5, false)]).Authenticated.ShouldBeFalse();
    }

    [Theory]
    [InlineData(DnsStatus.Found, DnsStatus.TimedOut, true, true)]
    [InlineData(DnsStatus.Found, DnsStatus.ServerFailure, true, true)]
    [InlineData(DnsStatus.Found, DnsStatus.ServerFailure, false, false)]
    [InlineData(DnsStatus.TimedOut, DnsStatus.ServerFailure, false, false)]
    public void Combine_FamilyThatCouldNotBeAsked_LeavesTheOtherAsAuthenticAsItIs(
        DnsStatus one, DnsStatus failed, bool isSigned, bool expected)
    {
        // No failure is authenticated.
        AddressAnswer.Combine([Answer(one, 10, isSigned), Answer(failed, 5, false)]).Authenticated.ShouldBe(expected);
        AddressAnswer.Combine([Answer(failed, 5, false), Answer(one, 10, isSigned)]).Authenticated.ShouldBe(expected);
    }

    private static DnsAnswer<IPAddress> Answer(DnsStatus status, int ttl, bool authenticated) =>
        new(status, status == DnsStatus.Found ? [IPAddress.Loopback] : [], TimeSpan.FromSeconds(ttl), authenticated);
}
