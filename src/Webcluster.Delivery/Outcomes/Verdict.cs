using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Suppression;

namespace Webcluster.Delivery.Outcomes;

/// <summary>Whose fault an outcome is. It decides how much is affected: the message at hand, or all that goes the same way.</summary>
public enum Scope { Recipient, Message, Session, Site }

/// <summary>What an attempt means for one recipient: exactly one of the nested records.</summary>
internal abstract record Verdict
{
    /// <summary>What the server's refusal was taken to mean; null: there was none.</summary>
    public ReplyClassification? Meaning { get; init; }

    /// <summary>A server was given the mail, or answered for it: no finding of this node, and no trouble on the way there.</summary>
    public bool IsOfServer => this is Delivered or Failed { Reply: not null } or Deferred { When: RetryWhen.AfterAttempt };

    /// <summary>The server took it.</summary>
    public sealed record Delivered(SmtpReply Reply) : Verdict;

    /// <summary>It will never be delivered. A null reply: this node's own finding, in <paramref name="Explanation"/>.</summary>
    public sealed record Failed(Scope Scope, EnhancedCode Status, SmtpReply? Reply, string Explanation) : Verdict
    {
        /// <summary>Not attempted, because its recipient is suppressed for this reason; null: that is not why.</summary>
        public SuppressionReason? Suppressed { get; init; }

        /// <summary>The reply is about this recipient. One to MAIL may mean the sender; one to DATA or the content, with several
        /// recipients, any of them.</summary>
        public bool IsOfRecipient { get; init; }

        /// <summary>Its time was over.</summary>
        public bool IsExpiry { get; init; }
    }

    /// <param name="When">What its next attempt waits for.</param>
    /// <param name="MaybeSent">The final dot was sent and no reply came: another attempt may duplicate.</param>
    public sealed record Deferred(Scope Scope, RetryWhen When, string Explanation, bool MaybeSent = false) : Verdict
    {
        /// <summary>False where it goes on at once: there is no delay to tell anybody of.</summary>
        public bool IsDelay => When != RetryWhen.AtOnce;
    }
}

/// <summary>Which clock the next attempt goes by.</summary>
internal enum RetryWhen
{
    /// <summary>At once: nothing was tried, or the server wants the rest in another transaction.</summary>
    AtOnce,

    /// <summary>By the schedule; the attempt counts.</summary>
    AfterAttempt,

    /// <summary>The site's or the connection's trouble: by the message's age, and no attempt counts.</summary>
    AfterSiteTrouble,
}
