using Shouldly;
using Webcluster.Submission.Acceptance;
using Xunit;

namespace Webcluster.Submission.Tests.Returns;

/// <summary>Which bounces count, whom they suppress, and what is told again.</summary>
public sealed partial class ReturnAcceptorTests
{
    [Theory]
    [InlineData("support@people.example", 0)]
    [InlineData(null, 1)]
    public async Task Accept_TicketAnswerFromAPersonsAddress_IsNoBounce(string? reversePath, int events)
    {
        (await SendAsync(Path(Ann), "From: Support <support@people.example>\r\nSubject: Message rejected: ticket 4711 is closed\r\n\r\n"
            + "Your reply could not be delivered to an agent.\r\n\r\nNew requests:\r\n\r\nhelp@people.example\r\n", reversePath))
            .ShouldBe(new AcceptResult.Taken());
        _events.Appended.Count.ShouldBe(events);
    }
}
