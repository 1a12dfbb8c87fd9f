using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Webcluster.Submission.Tls;

namespace Webcluster.Node.Tls;

/// <summary>
/// Shows a certificate that was renewed, without a restart. It looks at what the files hold, not at their times: those of links to them need
/// not change. What cannot be used, as between the writing of the two files, leaves the one that is shown; it is tried again when the files
/// change.
/// </summary>
internal sealed partial class CertificateRenewal : BackgroundService
{
    private readonly TlsOptions _options;
    private readonly SwappableCertificate _shown;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private string? _read;
    private int _unread;

    public CertificateRenewal(
        TlsOptions options, SwappableCertificate shown, IMeterFactory meters, TimeProvider time, ILogger<CertificateRenewal> log)
    {
        (_options, _shown, _time, _log) = (options, shown, time, log);
        meters.Create("Webcluster.Tls").CreateObservableGauge(
            "webcluster.tls.certificate.not_after", NotAfter, "s", "When the certificate that clients see ends, in seconds since 1970.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_options.Certificate.Length == 0) return;
        using var timer = new PeriodicTimer(_options.ReloadInterval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (Content(out var problem) is not { } content)
            {
                // The first time it may be just being replaced.
                if (++_unread == 2) Unreadable(problem);
                continue;
            }

            _unread = 0;
            if (content == _read) continue;
            _read = content;
            Reload();
        }
    }

    private void Reload()
    {
        var before = _shown.Current?.TargetCertificate.Thumbprint;
        if (!ServerCertificate.TryLoad(_options, _shown, out var problem))
            Unusable(_options.Certificate, problem);
        else if (_shown.Current?.TargetCertificate is { } now && now.Thumbprint != before)
            Renewed(_options.Certificate, now.NotAfter.ToUniversalTime());
    }

    /// <returns>A hash over both files; null where one cannot be read now.</returns>
    private string? Content(out string problem)
    {
        problem = "";
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(File.ReadAllBytes(_options.Certificate));
            hash.AppendData(File.ReadAllBytes(_options.Key));
            return Convert.ToHexString(hash.GetHashAndReset());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = error.Message;
            return null;
        }
    }

    private IEnumerable<Measurement<long>> NotAfter() => _shown.Current is { TargetCertificate: var certificate }
        ? [new(new DateTimeOffset(certificate.NotAfter).ToUnixTimeSeconds())] : [];

    [LoggerMessage(4601, LogLevel.Information, "the certificate in {File} is new; it is shown from now on, and ends {NotAfter:u}")]
    private partial void Renewed(string file, DateTime notAfter);

    [LoggerMessage(4602, LogLevel.Warning, "the certificate in {File} is new, but {Problem}; the one read before is shown until these files change")]
    private partial void Unusable(string file, string problem);

    [LoggerMessage(4603, LogLevel.Warning, "the certificate cannot be read again: {Problem}; the one read before is shown until it can")]
    private partial void Unreadable(string problem);
}
