using Shouldly;
using Webcluster.Providers.Mix;
using Webcluster.Providers.Model;
using Webcluster.Providers.Proofs;
using Webcluster.Providers.Server;
using Xunit;

namespace Webcluster.EndToEnd.Providers;

public sealed class MailPlanTests
{
    [Fact]
    public void Batches_GoToProvidersByTheirBestRate_InEveryPartOfThePlan()
    {
        var profiles = ProviderMix.Named(real: true);
        var providers = profiles.Select(profile => new HostedProvider(new Provider(profile, TimeProvider.System), [])).ToList();
        var plan = new MailPlan(providers, 400);
        var all = providers.Sum(provider => provider.Profile.BestRate!.Value);
        foreach (var part in Enumerable.Range(1, 400).Chunk(100))
            foreach (var provider in providers)
            {
                var count = part.Count(batch => provider.Profile.Domains.Contains(plan.RecipientOf(batch).Split('@')[1]));
                ((double)count).ShouldBe(100 * provider.Profile.BestRate!.Value / all, tolerance: 2, provider.Profile.Name);
            }

        Enumerable.Range(1, 400).Count(batch => UnknownUsers.IsOne("17" + plan.RecipientOf(batch))).ShouldBe(8);
    }

    [Fact]
    public void Report_OfFailedRecipients_IsRead()
    {
        var report = new ReportReader();
        foreach (var line in new[]
        {
            "Reporting-MTA: dns; a.example", "", "Final-Recipient: rfc822; a@b.example",
            "Original-Recipient: rfc822;a@b.example", "Action: failed", "Status: 5.1.1", "",
            "Final-Recipient: rfc822;late@b.example", "Action: delayed", "", "final-recipient: RFC822; c@b.example", "action: Failed",
            "Action: failed",
        })
            report.Hear(line);

        report.Failed.ShouldBe(["a@b.example", "c@b.example"]);
    }
}
