using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Events;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>
/// Stores a rule. It is in force when the caller hears of it, and whatever was stored before is in the index by then, so its walk misses
/// nothing.
/// </summary>
/// <param name="happened">Its event; null: it has none.</param>
internal sealed class AddRuleOperation(QueueRule rule, MailEvent? happened) : WriteOperation
{
    private readonly TaskCompletionSource<AddRuleResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RuleRow _stored;
    private AddRuleResult _result;

    public Task<AddRuleResult> Completion => _completion.Task;

    public override long Octets => 0;

    public override bool ShowsFailure => false;

    public override void Write(WriteBatch batch)
    {
        var store = batch.Store.Rules;
        _stored = new RuleRow(store.NextRow(), rule, batch.Store.LastDelivery, 0, 0, 0, IsRunning: !rule.IsStanding);
        store.Insert(_stored);
        if (happened is not null)
            batch.Store.Events.Add(EventRow.Of(happened));
    }

    public override void Apply(QueueIndex index)
    {
        _result = index.Rules.Find(rule.Id) is null ? AddRuleResult.Added : AddRuleResult.AlreadyAdded;
        if (_result is AddRuleResult.Added)
            index.AddRule(new ActiveRule(_stored), walk: true);
    }

    public override void Succeed() => _completion.SetResult(_result);

    public override void Fail(EnqueueResult why) => _completion.SetResult(AddRuleResult.Unavailable);
}
