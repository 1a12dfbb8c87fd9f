using System.Net;
using Webcluster.Chaos.Cluster;

namespace Webcluster.Chaos.Load;

/// <summary>
/// All load of a run: smtp-source in bulk, and beside it a few mails a second whose answers are kept one by one; or all of it so.
/// </summary>
internal sealed class MailLoad
{
    private const double ProbeRate = 20;

    private readonly SmtpSourceLoad? _bulk;
    private readonly PreciseLoad _precise;
    private readonly LoadPlan _plan;

    public MailLoad(IPEndPoint server, LoadPlan plan)
    {
        _plan = plan;
        _precise = new PreciseLoad(server, plan.Precise ? plan.Rate : ProbeRate);
        if (!plan.Precise) _bulk = new SmtpSourceLoad(server, plan.Mails) { Numbered = true, Rate = plan.Rate, Sender = SinkSet.Sender };
    }

    public IReadOnlyCollection<SubmittedMail> Submissions => _precise.Submissions;

    /// <summary>Recipients whose mail got 250.</summary>
    public IReadOnlyCollection<string> Accepted() =>
    [
        .. (_bulk?.Accepted ?? []).SelectMany(SmtpSourceLoad.NumberedRecipients),
        .. Submissions.Where(submission => submission.Answer == Answer.Accepted).Select(submission => submission.Recipient),
    ];

    /// <summary>Recipients whose mail may have got 250, as far as the client knows.</summary>
    public IReadOnlyCollection<string> Uncertain() =>
    [
        .. (_bulk?.Uncertain ?? []).SelectMany(SmtpSourceLoad.NumberedRecipients),
        .. Submissions.Where(submission => submission.Answer == Answer.Unknown).Select(submission => submission.Recipient),
    ];

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (_bulk is null)
        {
            await _precise.RunAsync(_plan.Mails, cancellation);
            cancellation.ThrowIfCancellationRequested();
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var probe = _precise.RunAsync(int.MaxValue, end.Token);
        try
        {
            await _bulk.RunAsync(RecipientOf, cancellation);
        }
        finally
        {
            await end.CancelAsync();
            await probe;
        }
    }

    private string RecipientOf(int batch)
    {
        var slow = _plan.SlowShare > 0 ? (int)Math.Round(2 / _plan.SlowShare) : int.MaxValue;
        var domain = batch % slow == 1 ? SinkSet.SlowData : batch % slow == slow / 2 ? SinkSet.SlowDot : SinkSet.Quick;
        return $"b{batch}@{domain}";
    }
}

/// <param name="Mails">To be accepted for sure.</param>
/// <param name="Rate">Mails a second.</param>
/// <param name="Precise">All of them from a client that keeps each answer, not from smtp-source.</param>
/// <param name="SlowShare">Share of the bulk that goes to sinks that answer late, half of it at DATA and half at the final dot.</param>
internal sealed record LoadPlan(int Mails, double Rate, bool Precise, double SlowShare);
