using System.Reflection;
using Shouldly;
using Webcluster.TestKit;

namespace Webcluster.Submission.Tests.Abuse;

/// <summary>Each case of the file is driven from the file, driven by a test that names it, or in this list with the reason.</summary>
public sealed class AbuseCoverageTests
{
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["TLS-10"] = "SslStream's client cannot renegotiate; ServerTlsTests holds the option that refuses it",
        ["AUT-12"] = "timing: nothing is timed in a unit test; Authenticate_UnknownUser_ComputesAHash holds that a hash is computed",
        ["MSG-03"] = "nothing here reads MIME structure",
        ["MSG-06"] = "signing: Webcluster.Protocol.Tests",
        ["MSG-07"] = "signing: Webcluster.Protocol.Tests, with other verifiers",
        ["MSG-08"] = "killed processes: Webcluster.EndToEnd",
    };

    [SharedDataFact]
    public void Cases_All_AreInExactlyOneList()
    {
        var known = AbuseCases.InData.Concat(ByHand()).Concat(Elsewhere.Keys).ToList();
        known.ShouldBeUnique();
        known.Order(StringComparer.Ordinal).ShouldBe(AbuseCases.Load().Select(entry => entry.Id).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> ByHand() =>
        from type in typeof(AbuseCoverageTests).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
        from attribute in method.GetCustomAttributes<AbuseAttribute>()
        from id in attribute.Ids
        select id;
}
