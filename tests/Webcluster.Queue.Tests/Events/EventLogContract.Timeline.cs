using Shouldly;
using Webcluster.Queue.Events;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Events;

/// <summary>What a message's timeline shows of it all.</summary>
public abstract partial class EventLogContract
{
    [ContractFact]
    public async Task Timeline_MoreThanAThousand_HasTheLatest()
    {
        var message = Message(Now);
        await Log.AppendAsync(
            [.. Enumerable.Range(1, 1003).Select(i => Event(MailEventKind.Deferred, message) with { Size = i })], CancellationToken.None);

        (await TimelineAsync(message)).Select(each => each.Size).ShouldBe(Enumerable.Range(4, 1000).Select(i => (long?)i));
    }
}
