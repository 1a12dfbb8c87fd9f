using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Suppression;
using Webcluster.Submission.Suppressing;
using Webcluster.TestKit.Suppression;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Submission.Tests.Suppressing;

public sealed class ListSuppressorTests
{
    [Fact]
    public async Task Suppress_Recipient_IsOnTheTenantsListWithItsReason()
    {
        var clock = new ManualClock();
        var options = new SuppressionOptions { Expiry = new SuppressionExpiry { Complaint = TimeSpan.FromDays(90) } };
        var suppressions = new Suppressions(new NaiveSuppressionList(), options);
        var ann = new Mailbox("Ann", "example.org");
        await new ListSuppressor(suppressions, clock).SuppressAsync(
            new SuppressedRecipient("shop", ann, SuppressionReason.Complaint, "019aab5c-0001-7000-8000-0123456789ab", "report by mail"),
            CancellationToken.None);

        var entry = (await suppressions.FindAsync("shop", [ann], CancellationToken.None)).Single().ShouldNotBeNull();
        entry.Reason.ShouldBe(SuppressionReason.Complaint);
        entry.Source.ShouldBe("019aab5c-0001-7000-8000-0123456789ab");
        entry.ExpiresAt.ShouldBe(clock.GetUtcNow() + TimeSpan.FromDays(90));
        (await suppressions.FindAsync("other", [ann], CancellationToken.None)).Single().ShouldBeNull();
    }
}
