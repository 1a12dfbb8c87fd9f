using Webcluster.Delivery.Transfer;
using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Outcomes;

/// <summary>Where and how an attempt was made.</summary>
/// <param name="Session">Null where the outcome was clear before any connection.</param>
/// <param name="Source">What it left from, or would have; null: it needed none.</param>
internal sealed record AttemptContext(LaneKey Lane, SmtpClientSession? Session, string? Host, TimeSpan Took, string? Source = null);
