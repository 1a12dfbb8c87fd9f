using Webcluster.Providers.Mix;
using Webcluster.Providers.Model;
using Webcluster.Providers.Senders;
using Webcluster.Providers.Server;
using Webcluster.TestKit.Report;

namespace Webcluster.Providers.Proofs;

/// <summary>
/// Providers whose limits the sender does not know: the same mail through each sender, one after another, in shortened time. For each
/// sender it counts what the providers saw.
/// </summary>
internal sealed record LearnProof
{
    private static readonly TimeSpan BetweenWords = TimeSpan.FromMinutes(10);

    public required int Mails { get; init; }

    public required double Speed { get; init; }

    /// <summary>Of the providers' time, for each sender.</summary>
    public required TimeSpan Most { get; init; }

    /// <summary>Of the product: one with a queue of its own, or more with one Redis.</summary>
    public required int Nodes { get; init; }

    public required bool RealNames { get; init; }

    public required IReadOnlyList<SenderKind> Senders { get; init; }

    public async Task<IReadOnlyList<Figure>> RunAsync(Runner runner, CancellationToken cancellation)
    {
        var figures = new List<Figure>();
        foreach (var kind in Senders)
        {
            var reckoning = await PlayAsync(kind, runner, cancellation);
            reckoning.Print(runner);
            figures.AddRange(reckoning.Figures(Suffix(kind), isJudged: kind == SenderKind.Webcluster));
        }

        return figures;
    }

    private static string Suffix(SenderKind kind) => kind switch
    {
        SenderKind.Webcluster => "",
        SenderKind.PostfixStock => "_postfix_stock",
        SenderKind.PostfixTuned => "_postfix_tuned",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private async Task<LearnReckoning> PlayAsync(SenderKind kind, Runner runner, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        await using var world = ProviderWorld.Start(ProviderMix.Named(RealNames), Speed);
        await using var sender = await StartAsync(kind, folder, world);
        runner.Say($"{kind}: {Mails} mails to {world.Providers.Count} providers; a simulated minute takes {60 / Speed:0.##} s");
        var plan = new MailPlan(world.Providers, Mails / SmtpSourceLoad.BatchSize);
        var began = world.Clock.GetUtcNow();
        var accepted = await runner.SubmitAsync(sender, Mails, plan.RecipientOf, cancellation);
        runner.Say($"all mail is submitted, in minute {(world.Clock.GetUtcNow() - began).TotalMinutes:0}");
        await WaitAsync(runner, world, [.. accepted.Where(recipient => !UnknownUsers.IsOne(recipient))], cancellation);
        return new LearnReckoning(kind, world, accepted);
    }

    private async Task<ISender> StartAsync(SenderKind kind, TemporaryFolder folder, ProviderWorld world) => kind == SenderKind.Webcluster
        ? await NodeCluster.StartAsync(folder, world, [.. Enumerable.Repeat(NodeTraffic.Unknown, Nodes)])
        : await PostfixSender.StartAsync(folder, world, isTuned: kind == SenderKind.PostfixTuned);

    /// <summary>Until every mail has arrived or was bounced, or the time is over.</summary>
    private async Task WaitAsync(Runner runner, ProviderWorld world, HashSet<string> deliverable, CancellationToken cancellation)
    {
        var began = world.Clock.GetUtcNow();
        for (var word = began + BetweenWords; ; word += BetweenWords)
        {
            var left = world.Clock.Real(word - world.Clock.GetUtcNow());
            var isDone = await Runner.UntilAsync(() => Taken() + Bounced() >= deliverable.Count, left, cancellation);
            var minute = (world.Clock.GetUtcNow() - began).TotalMinutes;
            var refused = world.Providers.Sum(provider => provider.Record.Refused);
            runner.Say($"minute {minute:0} after that: {Taken()} taken, {refused} refused, {Bounced()} bounced wrongly");
            if (isDone || word - began >= Most) return;
        }

        int Taken() => world.Providers.Sum(provider => provider.Record.Taken);

        int Bounced() => world.Reports.Record.Failed.Count(deliverable.Contains);
    }
}

/// <summary>Who sends.</summary>
internal enum SenderKind
{
    Webcluster,

    /// <summary>As it is shipped.</summary>
    PostfixStock,

    /// <summary>With limits that its operator wrote down for each provider.</summary>
    PostfixTuned,
}
