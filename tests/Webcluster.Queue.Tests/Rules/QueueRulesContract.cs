using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Rules;

/// <summary>What every implementation of <see cref="IQueueRules"/> does. One class for each derives from it.</summary>
public abstract partial class QueueRulesContract : QueueContract
{
    /// <summary>Ten connections per site, a thousand messages on each. The queue has these.</summary>
    protected static SiteLimits Limits { get; } = new(Connections: 10, MessagesPerConnection: 1000);

    private IQueueRules Rules => (IQueueRules)Queue;

    [ContractFact]
    public async Task Add_EveryField_IsListedAndSurvivesARestart()
    {
        var first = await AddAsync(RuleAction.Suspend, RuleScope.Provider, "google", rule => rule with { Author = "anna", Until = Now.AddHours(1) });
        var second = await AddAsync(RuleAction.Hold, RuleScope.Tag, "spring");

        (await ListAsync()).Select(status => status.Rule).ShouldBe([first, second]);
        await RestartAsync();
        (await ListAsync()).Select(status => status.Rule).ShouldBe([first, second]);
    }

    [ContractFact]
    public async Task Add_SameIdAgain_ChangesNothing()
    {
        var rule = await AddAsync(RuleAction.Hold, RuleScope.Tenant, "acme");

        (await Rules.AddRuleAsync(rule with { Reason = "another" }, CancellationToken.None)).ShouldBe(AddRuleResult.AlreadyAdded);

        (await ListAsync()).ShouldHaveSingleItem().Rule.ShouldBe(rule);
    }

    [ContractFact]
    public async Task Add_RuleWithAProblem_Throws()
    {
        var rule = Rule(RuleAction.Move, RuleScope.Tenant, "acme");

        await Should.ThrowAsync<ArgumentException>(() => Rules.AddRuleAsync(rule, CancellationToken.None));

        (await ListAsync()).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task End_UnknownRule_IsUnknown()
    {
        (await Rules.EndRuleAsync(RuleId.New(Now), CancellationToken.None)).ShouldBe(EndRuleResult.Unknown);
        var rule = await AddAsync(RuleAction.Hold, RuleScope.Tenant, "acme");

        await EndAsync(rule);

        (await Rules.EndRuleAsync(rule.Id, CancellationToken.None)).ShouldBe(EndRuleResult.Unknown);
        await RestartAsync();
        (await ListAsync()).ShouldBeEmpty();
    }

    /// <summary>A message that every scope has another name for.</summary>
    private NewMessage Tagged(string domain = "rcpt.example", string tenant = "acme", string tag = "spring", LaneKey? lane = null)
    {
        var recipient = new QueuedRecipient(new Mailbox("user", domain), DsnNotify.Failure, null);
        var message = Message(Now, new NewDelivery(lane ?? Google, MailClass.Normal, [recipient])).Of(tenant);
        return message with { Envelope = message.Envelope with { Tags = MessageTags.Of([tag, "also"]) } };
    }

    private static string Value(RuleScope scope, NewMessage message) => scope switch
    {
        RuleScope.Message => message.Id.ToString(),
        RuleScope.Lane => message.Deliveries[0].Lane.ToString(),
        RuleScope.Site => message.Deliveries[0].Lane.Site,
        RuleScope.Provider => message.Deliveries[0].Lane.Provider,
        RuleScope.Domain => message.Deliveries[0].Recipients[0].Address.Domain,
        RuleScope.Tenant => message.Envelope.Tenant,
        RuleScope.Tag => message.Envelope.Tags.Values[0],
        _ => throw new ArgumentOutOfRangeException(nameof(scope)),
    };

    private QueueRule Rule(RuleAction action, RuleScope scope, string value) =>
        new(RuleId.New(Now), action, new RuleTarget(scope, value), "because", Now);

    private async Task<QueueRule> AddAsync(RuleAction action, RuleScope scope, string value, Func<QueueRule, QueueRule>? change = null)
    {
        var rule = Rule(action, scope, value);
        rule = change?.Invoke(rule) ?? rule;
        (await Rules.AddRuleAsync(rule, CancellationToken.None)).ShouldBe(AddRuleResult.Added);
        return rule;
    }

    /// <summary>Adds a rule, and waits until the queue has been gone through for it.</summary>
    private async Task<RuleStatus> CarryOutAsync(RuleAction action, RuleScope scope, string value, string? pool = null)
    {
        var rule = await AddAsync(action, scope, value, rule => rule with { Pool = pool });
        return await CarriedOutAsync(rule.Id);
    }

    private async Task<RuleStatus> CarriedOutAsync(RuleId id)
    {
        var status = (await ListAsync()).Single(status => status.Rule.Id == id);
        for (var end = DateTime.UtcNow.AddSeconds(30); status.IsRunning; status = (await ListAsync()).Single(other => other.Rule.Id == id))
        {
            DateTime.UtcNow.ShouldBeLessThan(end, $"{status} is still running");
            await Task.Delay(5);
        }
        return status;
    }

    private async Task EndAsync(QueueRule rule) =>
        (await Rules.EndRuleAsync(rule.Id, CancellationToken.None)).ShouldBe(EndRuleResult.Ended);

    private ValueTask<IReadOnlyList<RuleStatus>> ListAsync() => Rules.RulesAsync(CancellationToken.None);
}
