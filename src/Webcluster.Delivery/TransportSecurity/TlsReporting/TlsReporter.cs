using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Webcluster.Delivery.Dns;

namespace Webcluster.Delivery.TransportSecurity.TlsReporting;

/// <summary>
/// Sends each day's reports when the day is over, to the domains that ask for them, and keeps the counts on disk until then. A report
/// counts as sent when one of the places that the domain names has it; until then it is tried again, for a day at most (RFC 8460 §5.5).
/// </summary>
internal sealed partial class TlsReporter(
    TlsReporterServices services, TlsReportOptions options, TimeProvider time, ILogger<TlsReporter> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(1.5);

    private DateTimeOffset _next = DateTimeOffset.MinValue;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Guarded(services.Ledger.Load);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Guarded(services.Ledger.Save);
    }

    /// <summary>Sends what is due.</summary>
    public async Task SendDueAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var due = services.Ledger.Before(DateOnly.FromDateTime((now - options.Delay).UtcDateTime));
        if (due.Count == 0 || now < _next) return;
        foreach (var tally in due)
            if (now - new TlsReport(tally, options, services.HostName).End > Oldest || await TrySendAsync(tally, cancellation))
                services.Ledger.Remove(tally);
        _next = now + Retry;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.IsEnabled)
        {
            // Before the reports, which may take hours.
            Guarded(services.Ledger.Save);
            await SendDueAsync(stoppingToken);
            Guarded(services.Ledger.Save);
            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    // Strangers say where their reports go: whatever comes of one, the others are sent, and the node goes on.
    private async Task<bool> TrySendAsync(DomainTally tally, CancellationToken cancellation)
    {
        try
        {
            return await SendAsync(tally, cancellation);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            NotSent(tally.Domain, new TlsReport(tally, options, services.HostName).Start, failure.Message);
            return false;
        }
    }

    /// <returns>Done with, sent or not wanted.</returns>
    private async Task<bool> SendAsync(DomainTally tally, CancellationToken cancellation)
    {
        var answer = await services.Dns.TxtAsync($"_smtp._tls.{tally.Domain}", cancellation);
        if (answer.IsTemporary) return false;
        var targets = TlsReportRecord.TargetsOf(answer.Records);
        var report = new TlsReport(tally, options, services.HostName);
        var sent = targets.Count == 0;
        foreach (var target in targets)
        {
            var problem = target switch
            {
                TlsReportTarget.Mail mail => await services.Mailer.SendAsync(report, mail.To, cancellation),
                TlsReportTarget.Post post => await services.Post.SendAsync(report, post.To, cancellation),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            sent |= problem is null;
            if (problem is null) Sent(report.Domain, report.Start, report.Id);
            else NotSent(report.Domain, report.Start, problem);
        }

        return sent;
    }

    // Mail goes on without the file: a restart loses the day's counts.
    private void Guarded(Action fileWork)
    {
        try
        {
            fileWork();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            FileTrouble(failure.Message);
        }
    }

    [LoggerMessage(3060, LogLevel.Information, "TLS report for {Domain} of {Day:yyyy-MM-dd} sent: {Report}")]
    private partial void Sent(string domain, DateTimeOffset day, string report);

    [LoggerMessage(3061, LogLevel.Warning, "TLS report for {Domain} of {Day:yyyy-MM-dd} not sent: {Reason}")]
    private partial void NotSent(string domain, DateTimeOffset day, string reason);

    [LoggerMessage(3062, LogLevel.Warning, "the file of TLS counts cannot be used: {Reason}; a restart loses them")]
    private partial void FileTrouble(string reason);
}

/// <summary>What reporting stands on.</summary>
internal sealed record TlsReporterServices(TlsLedger Ledger, IDnsResolver Dns, TlsReportMailer Mailer, TlsReportPost Post, string HostName);
