using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;
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

    [ContractFact]
    public async Task Drop_OneOfSeveralDomains_HasAnEvent()
    {
        var others = new QueuedRecipient(new Mailbox("anna", "two.example"), DsnNotify.Failure, null);
        var message = await Queue.StoreAsync(Message(Now, To(Google) with { Recipients = [Recipient("user"), others] }));
        var rule = new QueueRule(RuleId.New(Now), RuleAction.Drop, new RuleTarget(RuleScope.Domain, "two.example"), "test", Now);
        await ((IQueueRules)Queue).AddRuleAsync(rule, CancellationToken.None);

        var dropped = await EventuallyAsync(message, 2);

        (dropped.Kind, dropped.Pool, dropped.Rule).ShouldBe((MailEventKind.Dropped, "main", rule.Id.ToString()));
        (await ToldAsync(2)).ShouldBe(dropped);
        (await Queue.FindAsync(message.Id, CancellationToken.None)).ShouldHaveSingleItem().Recipients.Count.ShouldBe(1);
    }
}
