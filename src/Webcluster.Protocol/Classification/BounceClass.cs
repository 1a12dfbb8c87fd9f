namespace Webcluster.Protocol.Classification;

/// <summary>What a negative reply or a bounce says about the recipient, the message or the sender. One vocabulary for events, metrics,
/// webhooks and files; the names are written in kebab case (<see cref="BounceClasses"/>).</summary>
public enum BounceClass
{
    /// <summary>There is no such mailbox or domain.</summary>
    InvalidRecipient,

    /// <summary>The mailbox is there and over its quota.</summary>
    MailboxFull,

    /// <summary>The mailbox is there and disabled, suspended or not used any more.</summary>
    InactiveMailbox,

    /// <summary>The receiver's own rule, of which nothing more is known.</summary>
    Policy,

    /// <summary>The content looks like spam, or carries a virus or a forbidden attachment.</summary>
    SpamContent,

    /// <summary>The sending address is on a list, has no reverse name, or has a bad record.</summary>
    IpReputation,

    /// <summary>The sending domain or a domain in the message is on a list or has a bad record.</summary>
    DomainReputation,

    /// <summary>SPF, DKIM or DMARC failed, or are asked for.</summary>
    AuthFailure,

    /// <summary>Too many messages, connections or recipients for now.</summary>
    RateLimited,

    /// <summary>Come back later: nothing is wrong.</summary>
    Greylisted,

    /// <summary>The message is larger than the receiver takes.</summary>
    MessageTooLarge,

    /// <summary>A name did not resolve, here or at the receiver.</summary>
    DnsFailure,

    /// <summary>No connection, or it broke.</summary>
    ConnectionFailure,

    /// <summary>One side broke the protocol, or the other says so.</summary>
    ProtocolError,

    /// <summary>The server does not take mail for this domain, or wants authentication.</summary>
    RelayDenied,

    /// <summary>Temporary; nothing more is known.</summary>
    TransientOther,

    /// <summary>Permanent; nothing more is known.</summary>
    PermanentOther,
}
