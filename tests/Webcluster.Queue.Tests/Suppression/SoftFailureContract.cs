using Shouldly;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Tests.Suppression;

/// <summary>What every implementation of <see cref="ISoftFailures"/> does. One class for each derives from it.</summary>
public abstract class SoftFailureContract : QueueContract
{
    private static readonly SoftFailureLimit Limit = new(3, TimeSpan.FromDays(14));

    private ISoftFailures Failures => (ISoftFailures)Queue;

    [ContractFact]
    public async Task Count_EachMessageOnce_UpToTheLimitAndOverARestart()
    {
        (await CountAsync("anna@rcpt.example", 1)).ShouldBe(1);
        (await CountAsync("anna@rcpt.example", 2)).ShouldBe(2);
        (await CountAsync("anna@rcpt.example", 1)).ShouldBe(2);
        await RestartAsync();
        (await CountAsync("anna@rcpt.example", 2)).ShouldBe(2);
        (await CountAsync("anna@rcpt.example", 3)).ShouldBe(3);
        (await CountAsync("anna@rcpt.example", 4)).ShouldBe(3);
    }

    [ContractFact]
    public async Task Count_OtherTenantOrAddress_CountsByItself()
    {
        await CountAsync("anna@rcpt.example", 1);

        (await CountAsync("anna@rcpt.example", 2, "other")).ShouldBe(1);
        (await CountAsync("bernd@rcpt.example", 2)).ShouldBe(1);
        (await CountAsync("anna@rcpt.example", 2)).ShouldBe(2);
    }

    [ContractFact]
    public async Task Count_SeveralAtOnce_AnswersInTheirOrder()
    {
        SoftFailure[] failures =
        [
            .. Enumerable.Range(0, 300).Select(i => Failure($"user{i % 100}@rcpt.example", i)),
            Failure("user7@rcpt.example", 7),
        ];

        var counts = await Failures.CountAsync(failures, Limit, CancellationToken.None);

        counts.ShouldBe([.. Enumerable.Range(0, 300).Select(i => i / 100 + 1), 3]);
        (await Failures.CountAsync([], Limit, CancellationToken.None)).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Count_LongerAgoThanTheWindow_CountsNoMore()
    {
        await CountAsync("anna@rcpt.example", 1);
        Time.Jump(TimeSpan.FromDays(7));
        await CountAsync("anna@rcpt.example", 2);
        Time.Jump(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        (await CountAsync("anna@rcpt.example", 3)).ShouldBe(3);
        Time.Advance(TimeSpan.FromSeconds(1));

        (await CountAsync("anna@rcpt.example", 3)).ShouldBe(2, "the first is out, the third is known");
        (await CountAsync("anna@rcpt.example", 1)).ShouldBe(3, "the first was forgotten");
    }

    [ContractFact]
    public async Task Count_LimitThatIsLowerNow_KeepsTheLatest()
    {
        for (var message = 1; message <= 3; message++) await CountAsync("anna@rcpt.example", message);

        (await CountAsync("anna@rcpt.example", 3, limit: Limit with { Count = 2 })).ShouldBe(2);
        (await CountAsync("anna@rcpt.example", 4)).ShouldBe(3);
    }

    [ContractFact]
    public async Task Forget_SomeAddresses_BeginsAnewForThese()
    {
        await CountAsync("anna@rcpt.example", 1);
        await CountAsync("bernd@rcpt.example", 1);

        await Failures.ForgetAsync([Failure("anna@rcpt.example", 0).Key, Failure("nobody@rcpt.example", 0).Key], CancellationToken.None);

        (await CountAsync("anna@rcpt.example", 2)).ShouldBe(1);
        (await CountAsync("bernd@rcpt.example", 2)).ShouldBe(2);
    }

    [ContractFact]
    public async Task Count_LongestOfEverything_IsCounted()
    {
        var address = $"{new string('l', 64)}@{string.Join('.', Enumerable.Repeat(new string('d', 60), 3))}.example"[..254];
        var limit = new SoftFailureLimit(SoftFailureLimit.Most, TimeSpan.FromDays(90));

        for (var message = 1; message <= SoftFailureLimit.Most; message++)
            (await CountAsync(address, message, new string('t', 128), limit)).ShouldBe(message);
    }

    protected static SoftFailure Failure(string address, int message, string tenant = "acme") => new(
        new SuppressionKey(tenant, SuppressedAddress.TryParse(address, out var parsed) ? parsed : throw new ArgumentException(address, nameof(address))),
        new MessageId(new Guid(0x0191a2b3, 0x1c4d, 0x7e6f, 0x8a, 0x9b, 0, 0, (byte)(message >> 24), (byte)(message >> 16), (byte)(message >> 8), (byte)message)));

    private async Task<int> CountAsync(string address, int message, string tenant = "acme", SoftFailureLimit? limit = null) =>
        (await Failures.CountAsync([Failure(address, message, tenant)], limit ?? Limit, CancellationToken.None)).ShouldHaveSingleItem();
}
