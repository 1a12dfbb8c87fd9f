namespace Webcluster.Protocol.Reports;

/// <summary>What a mail to the bounce or feedback domain is. The names in files are kebab case (<see cref="ReportKinds"/>).</summary>
public enum ReportKind
{
    /// <summary>The message was not delivered and is given up.</summary>
    Bounce,

    /// <summary>Not delivered yet; the reporting server goes on trying.</summary>
    Delay,

    /// <summary>Delivered, as the sender asked to be told.</summary>
    Delivered,

    /// <summary>Handed on to a server that sends no reports.</summary>
    Relayed,

    /// <summary>Sent on to the members of a list.</summary>
    Expanded,

    /// <summary>The recipient or the receiver calls the message abuse, fraud or a virus.</summary>
    Complaint,

    /// <summary>The recipient says that the message is no spam.</summary>
    NotSpam,

    /// <summary>The recipient wants no more of it.</summary>
    OptOut,

    /// <summary>SPF, DKIM or DMARC failed at a receiver.</summary>
    AuthFailure,

    /// <summary>Read, deleted or displayed: a disposition notification.</summary>
    Receipt,

    /// <summary>Absence, confirmation of receipt, request to confirm: written by a program in a person's name.</summary>
    AutoReply,

    /// <summary>Anything else, mail from people included.</summary>
    Other,
}
