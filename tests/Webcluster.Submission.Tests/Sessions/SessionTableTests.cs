using Shouldly;
using Webcluster.Protocol.Smtp;
using Webcluster.Submission.Replies;
using Webcluster.Submission.Sessions;
using Xunit;

namespace Webcluster.Submission.Tests.Sessions;

public sealed class SessionTableTests
{
    [Fact]
    public void Find_EachStateAndVerb_HasAStepWhoseReplyFits()
    {
        foreach (var verb in Enum.GetValues<SmtpVerb>())
        foreach (var state in Enum.GetValues<SessionState>())
        {
            var step = SessionTable.Find(state, verb);
            var code = ServerReplies.Code(step.Reply);
            if (step.Action is SessionAction.Refuse or SessionAction.SwallowChunk) code.ShouldBeInRange(500, 599, $"{verb} in {state}");
            else code.ShouldBeInRange(200, 299, $"{verb} in {state}");
        }
    }

    [Fact]
    public void Find_Bdat_AlwaysTakesItsChunk()
    {
        foreach (var state in Enum.GetValues<SessionState>())
            SessionTable.Find(state, SmtpVerb.Bdat).Action.ShouldBeOneOf(SessionAction.Chunk, SessionAction.SwallowChunk);
    }
}
