using Shouldly;
using Webcluster.Queue.Suppression;
using Xunit;

namespace Webcluster.Queue.Tests.Suppression;

public abstract partial class SuppressionContract
{
    [ContractFact]
    public async Task Add_SameAgain_ChangesNothing()
    {
        var entry = Entry("anna@rcpt.example", "acme");
        await AddAsync(entry);

        (await AddAsync(entry)).ShouldBe(new SuppressionChanges(0, 0, 1));
        (await StoredAsync()).ShouldBe(1);
    }

    // Days that the older and the newer entry last; 0: for ever.
    [ContractTheory]
    [InlineData(0, 0, SuppressionReason.Complaint, true)]
    [InlineData(0, 30, SuppressionReason.RepeatedSoft, false)]
    [InlineData(0, 30, SuppressionReason.Manual, true)]
    [InlineData(30, 0, SuppressionReason.HardBounce, true)]
    [InlineData(30, 31, SuppressionReason.RepeatedSoft, true)]
    [InlineData(30, 30, SuppressionReason.Unsubscribe, true)]
    [InlineData(30, 29, SuppressionReason.Unsubscribe, false)]
    public async Task Add_OverAnother_TakesItsPlaceWhereItLastsAsLongOrIsByHand(int older, int newer, SuppressionReason reason, bool replaces)
    {
        var first = Entry("anna@rcpt.example", "acme", SuppressionReason.HardBounce) with { ExpiresAt = older == 0 ? null : Now.AddDays(older) };
        var second = first with { Reason = reason, ExpiresAt = newer == 0 ? null : Now.AddDays(newer), Note = "newer" };
        await AddAsync(first);

        (await AddAsync(second)).ShouldBe(replaces ? new SuppressionChanges(0, 1, 0) : new SuppressionChanges(0, 0, 1));

        (await FindAsync("acme", "anna@rcpt.example")).ShouldBe([replaces ? second : first]);
    }

    [ContractFact]
    public async Task Add_WithASecretOverALongerEntryInTheClear_KeepsTheLonger()
    {
        var hash = new AddressHash(new string('s', 32));
        var (own, everybodys) = (Entry("anna@rcpt.example", "acme", SuppressionReason.Complaint), Entry("bernd@rcpt.example", ""));
        await AddAsync(own, everybodys);
        SuppressionEntry[] shorter =
        [
            own with { Reason = SuppressionReason.RepeatedSoft, ExpiresAt = Now.AddDays(30) },
            Entry("bernd@rcpt.example", "acme") with { ExpiresAt = Now.AddDays(30) },
        ];

        (await new Suppressions(List, new(), hash).AddAsync(shorter, CancellationToken.None)).ShouldBe(new SuppressionChanges(1, 0, 1));

        (await AllAsync(10)).ShouldBe([Hashed(own), Hashed(shorter[1]), everybodys], ignoreOrder: true);

        SuppressionEntry Hashed(SuppressionEntry entry) => entry with { Key = entry.Key with { Address = hash.Of(entry.Key.Address) } };
    }

    [ContractFact]
    public async Task Add_TwiceInOneCall_TheLaterIsTheNewer()
    {
        var first = Entry("anna@rcpt.example", "acme");
        var second = first with { Note = "later" };

        (await AddAsync(first, second)).ShouldBe(new SuppressionChanges(1, 1, 0));

        (await FindAsync("acme", "anna@rcpt.example")).ShouldBe([second]);
    }

    [ContractFact]
    public async Task Find_AtItsExpiry_FindsNothing()
    {
        var (own, everybodys) = (Entry("anna@rcpt.example", "acme") with { ExpiresAt = Now.AddHours(1) }, Entry("anna@rcpt.example", ""));
        await AddAsync(own, everybodys);

        Time.Advance(TimeSpan.FromSeconds(3599));
        (await FindAsync("acme", "anna@rcpt.example")).ShouldBe([own]);
        Time.Advance(TimeSpan.FromSeconds(1));
        (await FindAsync("acme", "anna@rcpt.example")).ShouldBe([everybodys]);
        (await AllAsync(10)).ShouldBe([everybodys]);
        (await RemoveAsync([own.Key])).ShouldBe(0);
    }

    [ContractFact]
    public async Task Add_OverAnExpiredOne_IsAdded()
    {
        await AddAsync(Entry("anna@rcpt.example", "acme") with { ExpiresAt = Now.AddHours(1) });
        Time.Advance(TimeSpan.FromHours(2));
        var entry = Entry("anna@rcpt.example", "acme", SuppressionReason.RepeatedSoft) with { ExpiresAt = Now.AddMinutes(1) };

        (await AddAsync(entry)).ShouldBe(new SuppressionChanges(1, 0, 0));

        (await FindAsync("acme", "anna@rcpt.example")).ShouldBe([entry]);
        (await StoredAsync()).ShouldBe(1);
    }

    [ContractFact]
    public async Task Sweep_RemovesWhatHasExpiredAndNothingElse()
    {
        var entries = Enumerable.Range(0, 1200).Select(i =>
            Entry($"user{i}@rcpt.example", "acme") with { ExpiresAt = (i % 3) switch { 0 => null, 1 => Now.AddHours(1), _ => Now.AddHours(3) } }).ToArray();
        await AddAsync(entries);
        await SweepAsync();
        (await StoredAsync()).ShouldBe(1200);

        Time.Advance(TimeSpan.FromHours(2));
        await SweepAsync();

        // The queue sweeps by itself too, as its clock goes on: its own step may be about to be counted.
        for (var tries = 0; tries < 1000 && await StoredAsync() > 800; tries++)
            await Task.Delay(5);
        (await StoredAsync()).ShouldBe(800);
        (await AllAsync(1000)).ShouldBe(entries.Where((_, i) => i % 3 != 1), ignoreOrder: true);
        await RestartAsync();
        (await StoredAsync()).ShouldBe(800);
    }
}
