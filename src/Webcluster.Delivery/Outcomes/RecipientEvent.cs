using Webcluster.Protocol.Classification;
using Webcluster.Queue.Events;

namespace Webcluster.Delivery.Outcomes;

/// <summary>What an attempt came to for a recipient.</summary>
/// <param name="Meaning">What its server said of the recipient, where it is not delivered; of a mail whose time was over, what it said
/// last. Null: nothing.</param>
internal readonly record struct RecipientEvent(MailEvent Event, ReplyClassification? Meaning = null);
