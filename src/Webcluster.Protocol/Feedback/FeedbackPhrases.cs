namespace Webcluster.Protocol.Feedback;

/// <summary>What feedback loops write: tables only.</summary>
internal static class FeedbackPhrases
{
    /// <summary>Fields of the report that name who complained.</summary>
    public static readonly string[] RecipientFields =
        ["Original-Rcpt-To", "Original-Recipient", "Removal-Recipient", "X-Original-Rcpt-To", "Final-Recipient", "Complainant"];

    /// <summary>Fields of the returned message that name who it was for; the first that does counts.</summary>
    public static readonly string[] MessageFields =
        ["X-HmXmrOriginalRecipient", "To", "X-Original-To", "X-Original-Recipient", "X-Rcpt-To", "Envelope-To", "X-Envelope-To",
            "Delivered-To", "Cc"];

    /// <summary>In the sender of a complaint that is no ARF.</summary>
    public static readonly string[] Senders =
    [
        "staff@hotmail.com", "jmrp@", "scomp@aol", "fbl@", "feedbackloop@", "fblreport", "complaints@", "abuse-report", "spamreport",
        "antispam feedback", "postmaster-fbl", "arf@", "feedback@arf",
    ];

    /// <summary>In its subject.</summary>
    public static readonly string[] Subjects =
    [
        "complaint about message", "email feedback report", "abuse report", "spam report", "spam complaint", "fbl report",
        "feedback report", "feedback loop", "abuse complaint", "spamtraphit", "junk mail report", "[spam]",
    ];

    /// <summary>In its text.</summary>
    public static readonly string[] Texts =
    [
        "abuse report for an email message", "email abuse report", "reported as spam", "marked as spam", "marked this message as junk",
        "marked the message as spam", "complaint about a message", "user complaint", "spam complaint", "considered it spam",
        "junk mail reporting", "clicked the \"this is spam\"", "clicked \"report spam\"", "reported this message as",
    ];
}
