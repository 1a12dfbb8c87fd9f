using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Intake;
using Webcluster.Protocol.Reports;

namespace Webcluster.Node.Bounces;

/// <summary>
/// The reports of the mails in files, in little memory. What is held is bounded by the limits of reports; what is left behind is not: the
/// runtime lets as much gather as the processor's caches hold, which may be far more than reading mails takes. So it is cleared as it grows.
/// </summary>
internal sealed class MailFiles : IReplyClassifier
{
    private const long MostLeftBehind = 4 * 1024 * 1024;

    private readonly IReplyClassifier _classifier = ReplyClassifier.Shipped();
    private readonly byte[] _octets = new byte[ReportLimits.Default.Mime.MaxOctets];
    private readonly ReportReader _reader;
    private long _allocated;

    public MailFiles()
    {
        _reader = new ReportReader(this);
        // The text of the rules, and all that was made to read it.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _allocated = GC.GetAllocatedBytesForCurrentThread();
    }

    public IEnumerable<MailReport> Read(string path)
    {
        foreach (var mail in MailFile.Read(path, _octets))
        {
            Clear();
            foreach (var report in _reader.Read(mail)) yield return report;
        }
    }

    /// <summary>Asked for each report that says something of its own: a mail may have many.</summary>
    public ReplyClassification Classify(string reply, string? provider = null)
    {
        Clear();
        return _classifier.Classify(reply, provider);
    }

    private void Clear()
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        if (allocated - _allocated < MostLeftBehind) return;
        _allocated = allocated;
        GC.Collect();
    }
}
