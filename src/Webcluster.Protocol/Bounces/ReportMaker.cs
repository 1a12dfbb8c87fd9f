using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Reports;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Bounces;

/// <summary>Makes the reports of one mail. A text that is about many recipients is read once.</summary>
internal sealed class ReportMaker(IReplyClassifier classifier, ReportLimits limits)
{
    private (ReportKind Kind, EnhancedCode Status, string Text) _last;
    private MailReport? _lastReport;

    /// <param name="text">What is said of that recipient.</param>
    public MailReport Make(ReportKind kind, RecipientStatus status, string? address, string text)
    {
        var asked = (kind, status.Status, text);
        if (_lastReport is null || _last != asked) (_last, _lastReport) = (asked, Read(kind, status.Status, text));
        return _lastReport with
        {
            Recipient = address,
            Cause = _lastReport.Cause is { } cause
                ? RefusedSender.Meaning(cause, _lastReport.Diagnostic, sender: null, address, status.Original)
                : null,
            OriginalRecipient = string.Equals(status.Original, address, StringComparison.OrdinalIgnoreCase) ? null : status.Original,
        };
    }

    private MailReport Read(ReportKind kind, EnhancedCode reported, string text)
    {
        var diagnostic = DiagnosticText.Of(text, limits.MaxDiagnostic);
        var reply = ReplyFinder.Reply(diagnostic, out _);
        var code = Code(reported, ReplyFinder.Status(diagnostic), reply);
        var failed = kind is ReportKind.Bounce or ReportKind.Delay;
        var permanent = kind == ReportKind.Bounce && IsPermanent(code, reply);
        return new MailReport(kind)
        {
            Status = code,
            Reply = reply,
            Diagnostic = diagnostic,
            Permanent = failed ? permanent : null,
            Cause = failed ? Cause(diagnostic, code, permanent) : null,
        };
    }

    // What was said counts as it was said, where a rule reads it; else in the words of a reply, where it is in another language.
    private ReplyClassification Cause(string diagnostic, EnhancedCode code, bool permanent)
    {
        var text = CauseText.Of(diagnostic, code, permanent);
        if (Translations.OfLink(diagnostic) is { } linked) return classifier.Classify($"{text}: {linked}");
        var said = classifier.Classify(text);
        if (said.By == ClassifiedBy.Rule || Translations.Of(diagnostic) is not { } words) return said;
        var translated = classifier.Classify($"{text}: {words}");
        // "Inconnu" may be anything: sure is what the codes say too.
        var coded = classifier.Classify(CauseText.Of("", code, permanent));
        return coded.Class == translated.Class
            ? translated
            : translated with { Confidence = Math.Min(translated.Confidence, Translations.Confidence) };
    }

    // The report's own code, unless that says no more than its class, or the remote said another class, in both its codes.
    private static EnhancedCode Code(EnhancedCode reported, EnhancedCode said, int? reply)
    {
        if (reported.IsNone || (!said.IsNone && said.Class != reported.Class && reply / 100 == said.Class)) return said;
        return reported is { Subject: 0, Detail: 0 } && said.Class == reported.Class ? said : reported;
    }

    private static bool IsPermanent(EnhancedCode code, int? reply) => !code.IsNone ? code.Class == 5 : reply is null or >= 500;
}
