using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>A stored rule and how far it has come.</summary>
/// <param name="Through">The last delivery's row when it was added: it goes through those up to it.</param>
/// <param name="Cursor">The last row that it has gone through.</param>
internal readonly record struct RuleRow(long Row, QueueRule Rule, long Through, long Cursor, long Done, long UnderWay, bool IsRunning);

/// <summary>Which delivery stands in a row.</summary>
internal readonly record struct DeliveryPlace(long Row, DeliveryId Id);
