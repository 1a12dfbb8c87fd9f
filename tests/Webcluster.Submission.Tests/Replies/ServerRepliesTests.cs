using System.Text;
using Shouldly;
using Webcluster.Protocol.Smtp;
using Webcluster.Submission.Replies;
using Xunit;

namespace Webcluster.Submission.Tests.Replies;

public sealed class ServerRepliesTests
{
    public static TheoryData<int> All { get; } = [.. Enum.GetValues<ServerReply>().Select(reply => (int)reply)];

    [Theory]
    [MemberData(nameof(All))]
    public void Bytes_EachMember_IsOneReplyOfItsOwn(int member)
    {
        var reply = (ServerReply)member;
        var line = Encoding.ASCII.GetString(ServerReplies.Bytes(reply));
        line.ShouldEndWith("\r\n");
        line.Length.ShouldBeLessThanOrEqualTo(512); // rfc5321#4.5.3.1.5
        line.AsSpan(0, line.Length - 2).ContainsAnyExceptInRange(' ', '~').ShouldBeFalse();
        var code = int.Parse(line[..3]);
        code.ShouldBe(ServerReplies.Code(reply));
        ServerReplies.CodeText(reply).ShouldBe(line[..3]);
        line[3].ShouldBe(' ');
        // rfc2034#4: of the class of the code, on all but 3xx.
        var hasEnhanced = EnhancedCode.TryParsePrefix(line.AsSpan(4, line.Length - 6), out var enhanced, out _);
        hasEnhanced.ShouldBe(code / 100 != 3);
        if (hasEnhanced) ((int)enhanced.Class).ShouldBe(code / 100);
    }

    [Fact]
    public void Bytes_AllMembers_Differ() =>
        Enum.GetValues<ServerReply>().Select(reply => Encoding.ASCII.GetString(ServerReplies.Bytes(reply))).ShouldBeUnique();

    [Fact]
    public void Closes_421And221_Always()
    {
        foreach (var reply in Enum.GetValues<ServerReply>())
            if (ServerReplies.Code(reply) is 421 or 221) ServerReplies.Closes(reply).ShouldBeTrue(reply.ToString());
    }

    [Fact]
    public void For_EachProblem_Is5xx()
    {
        foreach (var problem in Enum.GetValues<CommandProblem>())
            ServerReplies.Code(ServerReplies.For(problem, SmtpVerb.Mail)).ShouldBeInRange(500, 599, problem.ToString());
        ServerReplies.For(CommandProblem.PathTooLong, SmtpVerb.Mail).ShouldBe(ServerReply.InvalidReversePath);
        ServerReplies.For(CommandProblem.PathTooLong, SmtpVerb.Rcpt).ShouldBe(ServerReply.InvalidForwardPath);
    }
}
