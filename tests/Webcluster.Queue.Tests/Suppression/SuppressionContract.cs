using Shouldly;
using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Tests.Suppression;

/// <summary>What every implementation of <see cref="ISuppressionList"/> does. One class for each derives from it.</summary>
public abstract partial class SuppressionContract : QueueContract
{
    private ISuppressionList List => (ISuppressionList)Queue;

    /// <summary>Takes steps of removing what has expired, as the queue does now and then, until the whole list had its turn.</summary>
    protected abstract Task SweepAsync();

    /// <summary>Rows that are really stored.</summary>
    protected abstract Task<long> StoredAsync();

    [ContractFact]
    public async Task Find_EmptyList_FindsNothing() => (await FindAsync("acme", "anna@rcpt.example", "bernd@rcpt.example")).ShouldBe([null, null]);

    [ContractFact]
    public async Task Add_EveryField_IsFoundAndSurvivesARestart()
    {
        var entry = Entry("anna@rcpt.example", "acme", SuppressionReason.Complaint) with
        {
            ExpiresAt = Now.AddDays(30), Source = "0191a2b3-c4d5-7e6f-8a9b-acbdcedfe0f1", Note = "wrote to us, größte Eile",
        };
        var other = Entry("bernd@rcpt.example", "acme") with { Source = "bounce-17" };

        (await AddAsync(entry, other)).ShouldBe(new SuppressionChanges(2, 0, 0));

        (await FindAsync("acme", "anna@rcpt.example", "bernd@rcpt.example")).ShouldBe([entry, other]);
        await RestartAsync();
        (await FindAsync("acme", "anna@rcpt.example", "bernd@rcpt.example")).ShouldBe([entry, other]);
    }

    [ContractFact]
    public async Task Find_OtherTenant_FindsNothing()
    {
        await AddAsync(Entry("anna@rcpt.example", "acme"));

        (await FindAsync("other", "anna@rcpt.example")).ShouldBe([null]);
        (await FindAsync("", "anna@rcpt.example")).ShouldBe([null]);
    }

    [ContractFact]
    public async Task Find_GlobalEntry_IsEverybodysButATenantsOwnComesFirst()
    {
        var (everybodys, own) = (Entry("anna@rcpt.example", ""), Entry("anna@rcpt.example", "acme", SuppressionReason.Complaint));
        await AddAsync(everybodys, own);

        (await FindAsync("acme", "anna@rcpt.example")).ShouldBe([own]);
        (await FindAsync("other", "anna@rcpt.example")).ShouldBe([everybodys]);
        (await FindAsync("", "anna@rcpt.example")).ShouldBe([everybodys]);
    }

    [ContractFact]
    public async Task Find_ManyAtOnce_AnswersInTheirOrder()
    {
        var entries = Enumerable.Range(0, 300).Select(i => Entry($"user{i}@d{i % 7}.example", i % 2 == 0 ? "acme" : "")).ToArray();
        await AddAsync(entries);

        var asked = Enumerable.Range(0, 600).Select(i => $"user{i / 2 + (i % 2 * 1000)}@d{i / 2 % 7}.example").ToArray();

        (await FindAsync("acme", asked)).ShouldBe(Enumerable.Range(0, 600).Select(i => i % 2 == 0 ? entries[i / 2] : null));
    }

    [ContractFact]
    public async Task Find_Hash_IsFoundByTheSameHashAlone()
    {
        var hash = SuppressedAddress.OfHash([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
        var entry = new SuppressionEntry(new SuppressionKey("acme", hash), SuppressionReason.Unsubscribe, Now);
        await AddAsync(entry);

        (await List.FindAsync("acme", [hash, Address("anna@rcpt.example")], CancellationToken.None)).ShouldBe([entry, null]);
        (await AllAsync(10)).ShouldBe([entry]);
    }

    [ContractFact]
    public async Task Add_LongestOfEverything_IsFound()
    {
        var address = $"{new string('l', 64)}@{string.Join('.', Enumerable.Repeat(new string('d', 60), 3))}.example";
        var entry = Entry(address[..Math.Min(address.Length, 254)], new string('t', 128)) with
        {
            Source = new string('s', SuppressionEntry.MostSource), Note = new string('ü', SuppressionEntry.MostNote),
        };

        await AddAsync(entry);

        (await FindAsync(new string('t', 128), entry.Key.Address.ToString())).ShouldBe([entry]);
    }

    [ContractFact]
    public async Task Add_EntryWithAProblem_ThrowsAndAddsNothing()
    {
        var (good, bad) = (Entry("anna@rcpt.example", "acme"), Entry("bernd@rcpt.example", "acme") with { Note = "two\nlines" });

        await Should.ThrowAsync<ArgumentException>(() => List.AddAsync([good, bad], CancellationToken.None));

        (await FindAsync("acme", "anna@rcpt.example")).ShouldBe([null]);
    }

    [ContractFact]
    public async Task Remove_SomeOfThem_LeavesTheOthers()
    {
        var entries = Enumerable.Range(0, 20).Select(i => Entry($"user{i}@rcpt.example", i < 10 ? "acme" : "")).ToArray();
        await AddAsync(entries);

        (await RemoveAsync([entries[3].Key, entries[12].Key, entries[3].Key, new SuppressionKey("", entries[4].Key.Address)])).ShouldBe(2);

        (await AllAsync(7)).ShouldBe(entries.Where((_, i) => i is not (3 or 12)), ignoreOrder: true);
        (await StoredAsync()).ShouldBe(18);
        (await RemoveAsync([entries[3].Key])).ShouldBe(0);
    }

    private static SuppressedAddress Address(string text) =>
        SuppressedAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));

    private SuppressionEntry Entry(string address, string tenant, SuppressionReason reason = SuppressionReason.HardBounce) =>
        new(new SuppressionKey(tenant, Address(address)), reason, Now);

    private Task<SuppressionChanges> AddAsync(params SuppressionEntry[] entries) => List.AddAsync(entries, CancellationToken.None);

    private Task<int> RemoveAsync(IReadOnlyList<SuppressionKey> keys) => List.RemoveAsync(keys, CancellationToken.None);

    private ValueTask<IReadOnlyList<SuppressionEntry?>> FindAsync(string tenant, params string[] addresses) =>
        List.FindAsync(tenant, [.. addresses.Select(Address)], CancellationToken.None);

    /// <summary>Everything, page by page.</summary>
    private async Task<List<SuppressionEntry>> AllAsync(int most, string? tenant = null, SuppressionReason? reason = null)
    {
        var all = new List<SuppressionEntry>();
        string? cursor = null;
        do
        {
            var page = (await List.ListAsync(new SuppressionQuery(cursor, most, tenant, reason), CancellationToken.None)).ShouldNotBeNull();
            page.Entries.Count.ShouldBeLessThanOrEqualTo(most);
            all.AddRange(page.Entries);
            (cursor is null || cursor != page.Next).ShouldBeTrue("the list does not come to an end");
            cursor = page.Next;
        }
        while (cursor is not null);
        return all;
    }
}
