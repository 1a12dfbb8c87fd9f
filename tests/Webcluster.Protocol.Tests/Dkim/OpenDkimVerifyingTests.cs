using Shouldly;
using Webcluster.Protocol.Dkim;
using Webcluster.TestKit;

namespace Webcluster.Protocol.Tests.Dkim;

/// <summary>OpenDKIM's verifying vectors, against the DNS of that collection.</summary>
public class OpenDkimVerifyingTests
{
    private const string Sha1 = "only rsa-sha1, which is refused before key and body are looked at (RFC 8301 section 3.1)";
    private const string OtherDns = "its key stands at test._domainkey.sendmail.com, which the collection's DNS does not have";

    private static readonly Dictionary<string, string> Excluded = new(StringComparer.Ordinal)
    {
        ["t-test04"] = Sha1, ["t-test05"] = Sha1, ["t-test06"] = Sha1, ["t-test07"] = Sha1,
        ["t-test12"] = Sha1, ["t-test13"] = Sha1, ["t-test14"] = Sha1, ["t-test15"] = Sha1,
        ["t-test64"] = Sha1, ["t-test68"] = Sha1, ["t-test69"] = Sha1, ["t-test73"] = Sha1,
        ["t-test78"] = Sha1, ["t-test80"] = Sha1, ["t-test93"] = Sha1, ["t-test94"] = Sha1,
        ["t-test99"] = Sha1, ["t-test101"] = Sha1, ["t-test117"] = Sha1, ["t-test118"] = Sha1,
        ["t-test136"] = Sha1, ["t-test138"] = Sha1, ["t-test139"] = Sha1,
        ["t-test84"] = OtherDns,
    };

    [SharedDataFact]
    public async Task Vectors_Verified_GiveTheStatusExpected()
    {
        var dns = DkimSamples.Dns(OpenDkimCase.Dns());
        var rows = OpenDkimCase.All("verify");
        foreach (var row in rows)
        {
            var results = await DkimSamples.Verify(row.Message, dns);
            IsAsExpected(row.Expected, results).ShouldBe(
                !Excluded.ContainsKey(row.Id), $"{row.Id}: {row.Expected} and {string.Join(", ", results)}");
        }
        Excluded.Keys.ShouldBeSubsetOf(rows.Select(row => row.Id));
    }

    /// <summary>The one left out above for its DNS: i= below d=, and a key that allows it.</summary>
    [SharedDataFact]
    public async Task SubdomainIdentity_KeyAllowsIt_Passes()
    {
        var record = OpenDkimCase.Dns()["test._domainkey.example.com"];
        var message = OpenDkimCase.All("verify").Single(row => row.Id == "t-test84").Message;

        (await VerifyWith(record.Replace("t=y:s;", "t=y;", StringComparison.Ordinal))).Status.ShouldBe(DkimStatus.Pass);
        (await VerifyWith(record)).Reason.ShouldBe(DkimProblems.Describe(DkimProblem.KeyForbidsSubdomain).Text);

        async Task<DkimResult> VerifyWith(string text) =>
            (await DkimSamples.Verify(message, DkimSamples.Dns(new Dictionary<string, string> { ["test._domainkey.sendmail.com"] = text })))
            .ShouldHaveSingleItem();
    }

    private static bool IsAsExpected(string? status, IReadOnlyList<DkimResult> results)
    {
        return status switch
        {
            "DKIM_STAT_OK" => results.Any(result => result.Status == DkimStatus.Pass),
            "DKIM_STAT_BADSIG" => Only(DkimStatus.Fail),
            "DKIM_STAT_NOKEY" or "DKIM_STAT_REVOKED" or "DKIM_STAT_CANTVRFY" => Only(DkimStatus.PermError),
            // refused as a whole there: the message, its header, or a field that is hardly a signature
            "DKIM_STAT_NOSIG" or "DKIM_STAT_SYNTAX" or "DKIM_STAT_INVALID" or null =>
                results.All(result => result.Status != DkimStatus.Pass),
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, message: null),
        };

        bool Only(DkimStatus only) => results.Count > 0 && results.All(result => result.Status == only);
    }
}
