using Shouldly;
using Webcluster.Queue.Suppression;
using Xunit;

namespace Webcluster.Queue.Tests.Suppression;

public abstract partial class SuppressionContract
{
    [ContractTheory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task List_PageByPage_HasEveryEntryOnce(int most)
    {
        var entries = Enumerable.Range(0, 50).Select(i => Entry($"\"a b{i}\"@größe{i % 3}.example", i % 4 == 0 ? "" : $"t{i % 4}")).ToArray();
        await AddAsync(entries);

        (await AllAsync(most)).ShouldBe(entries, ignoreOrder: true);
    }

    [ContractFact]
    public async Task List_SameAddressOfManyTenants_IsCutBetweenThem()
    {
        // More than a page of one bucket.
        var entries = Enumerable.Range(0, 25).Select(i => Entry("anna@rcpt.example", i == 0 ? "" : $"tenant{i}")).ToArray();
        await AddAsync(entries);

        (await AllAsync(4)).ShouldBe(entries, ignoreOrder: true);
    }

    [ContractFact]
    public async Task List_OfATenantOrReason_HasTheirsAlone()
    {
        var reasons = Enum.GetValues<SuppressionReason>();
        var entries = Enumerable.Range(0, 60).Select(i => Entry($"user{i}@rcpt.example", i % 2 == 0 ? "acme" : "", reasons[i % 5])).ToArray();
        await AddAsync(entries);

        (await AllAsync(10, tenant: "acme")).ShouldBe(entries.Where(entry => entry.Key.Tenant == "acme"), ignoreOrder: true);
        (await AllAsync(10, tenant: "")).ShouldBe(entries.Where(entry => entry.Key.Tenant.Length == 0), ignoreOrder: true);
        (await AllAsync(10, reason: SuppressionReason.Complaint)).ShouldBe(entries.Where(entry => entry.Reason == SuppressionReason.Complaint), ignoreOrder: true);
        (await AllAsync(10, "acme", SuppressionReason.Manual)).ShouldBe(
            entries.Where(entry => entry is { Reason: SuppressionReason.Manual, Key.Tenant: "acme" }), ignoreOrder: true);
        (await AllAsync(10, tenant: "nobody")).ShouldBeEmpty();
    }

    [ContractTheory]
    [InlineData("!")]
    [InlineData("=")]
    [InlineData("AA")]
    public async Task List_CursorOfNoList_IsNull(string cursor) =>
        (await List.ListAsync(new SuppressionQuery(cursor, 10), CancellationToken.None)).ShouldBeNull();

    [ContractFact]
    public async Task Operations_AtRandom_AgreeWithADictionary()
    {
        var chance = new Random(20260101);
        var model = new Dictionary<SuppressionKey, SuppressionEntry>();
        bool IsThere(SuppressionKey key) => model.TryGetValue(key, out var entry) && !(entry.ExpiresAt <= Now);
        SuppressionKey Key() => new(chance.Next(3) switch { 0 => "", 1 => "acme", _ => "other" }, Address($"user{chance.Next(15)}@rcpt.example"));
        for (var step = 0; step < 300; step++)
        {
            var key = Key();
            switch (chance.Next(6))
            {
                case 0 or 1:
                    // In whole seconds, as the list counts.
                    var ends = chance.Next(3) == 0 ? (DateTimeOffset?)null : Now.AddMinutes(chance.Next(1, 90));
                    var entry = new SuppressionEntry(key, (SuppressionReason)chance.Next(5), Now) { ExpiresAt = ends, Note = $"{step}" };
                    var replaces = !IsThere(key) || entry.Reason is SuppressionReason.Manual || ends is null || ends >= (model[key].ExpiresAt ?? DateTimeOffset.MaxValue);
                    (await AddAsync(entry)).ShouldBe(IsThere(key)
                        ? new SuppressionChanges(0, replaces ? 1 : 0, replaces ? 0 : 1) : new SuppressionChanges(1, 0, 0), $"step {step}");
                    if (replaces) model[key] = entry;
                    break;
                case 2:
                    (await RemoveAsync([key])).ShouldBe(IsThere(key) ? 1 : 0, $"step {step}");
                    model.Remove(key);
                    break;
                case 3:
                    Time.Advance(TimeSpan.FromMinutes(chance.Next(20)));
                    break;
                case 4:
                    var wanted = IsThere(key) ? model[key] : IsThere(key with { Tenant = "" }) ? model[key with { Tenant = "" }] : null;
                    (await List.FindAsync(key.Tenant, [key.Address], CancellationToken.None)).ShouldBe([wanted], $"step {step}");
                    break;
                case 5:
                    (await AllAsync(chance.Next(1, 20))).ShouldBe(model.Values.Where(each => IsThere(each.Key)), ignoreOrder: true, $"step {step}");
                    break;
            }
        }
    }
}
