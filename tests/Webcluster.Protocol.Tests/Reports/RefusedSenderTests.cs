using Shouldly;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Reports;
using Xunit;

namespace Webcluster.Protocol.Tests.Reports;

public sealed class RefusedSenderTests
{
    [Theory]
    [InlineData("noreply@corp.example", "y@corp.example", "550 <noreply@corp.example>: no such user", false)]
    [InlineData("y@corp.example", "noreply@corp.example", "550 <noreply@corp.example>: no such user", true)]
    [InlineData("a@b.co", "x@y.example", "550 <a@b.com>: no such user", true)]
    [InlineData("a@b.com", "x@y.example", "550 <A@B.com>: no such user", false)]
    [InlineData("a@b.com", "x@y.example", "550 <x@y.example>: no such user (mail of a@b.com)", true)]
    [InlineData("", "x@y.example", "550 no such user", true)]
    public void Meaning_ByWholeAddresses_IsOfTheRecipientOrTheSender(string sender, string recipient, string reply, bool suppresses)
    {
        var found = new ReplyClassification(BounceClass.InvalidRecipient, true, ClassifiedBy.Rule, 1);
        var meant = RefusedSender.Meaning(found, reply, sender, recipient);
        (meant.Class, meant.Suppresses()).ShouldBe((suppresses ? BounceClass.InvalidRecipient : BounceClass.Policy, suppresses));
    }
}
