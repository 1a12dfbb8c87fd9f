using Shouldly;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Classification.Learning;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Protocol.Tests.Classification;

public sealed class ReplyFormTests
{
    [Theory]
    [InlineData("450 4.2.0 <anna@rcpt.example>: Wait, for  00:05:00 PLEASE", "450 4.2.0 {addr} wait for {duration} please")]
    [InlineData("554-5.7.1 mx1.rcpt.example: 192.0.2.7 is not nice 554 5.7.1 at all", "554 5.7.1 {host} {ip} is not nice at all")]
    [InlineData("550 no", "550 no")]
    [InlineData("550", "550")]
    [InlineData("connection timed out", null)]
    [InlineData("", null)]
    public void Of_Reply_HasNoNames(string reply, string? form) => ReplyForm.Of(reply).ShouldBe(form);

    [Fact]
    public void Of_LongReply_EndsBehindAWord()
    {
        var form = ReplyForm.Of("550 " + string.Join(' ', Enumerable.Repeat("words", 500))).ShouldNotBeNull();
        form.Length.ShouldBeInRange(ReplyForm.MaxLength - 10, ReplyForm.MaxLength);
        form.ShouldEndWith(" words");
    }

    [Fact]
    public void Of_ItsOwnForm_IsTheSame() => ChangedShare(ModelTraining.ShippedLines().Select(line => line.Reply)).ShouldBe(0);

    // Numbers that may be reply codes, and names that may be ids, are read by what stands beside them.
    [SharedDataFact]
    public void Of_ItsOwnForm_IsNearlyAlwaysTheSame_OfSharedReplies() => ChangedShare(
        ReplySheet.Read(File.ReadAllText(SharedData.Path("replies.tsv")), labelled: false, out _).ShouldNotBeNull().Rows.Select(row => row.Reply))
        .ShouldBeLessThan(0.05);

    private static double ChangedShare(IEnumerable<string> replies)
    {
        var forms = replies.Select(ReplyForm.Of).OfType<string>().ToList();
        forms.Count.ShouldBeGreaterThan(100);
        return (double)forms.Count(form => ReplyForm.Of(form) != form) / forms.Count;
    }
}
