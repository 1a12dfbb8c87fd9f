using Webcluster.Node.Webhooks.Payloads;

namespace Webcluster.Node.Webhooks.State;

/// <summary>A parcel that was not taken, or that waits behind one of the same message.</summary>
/// <param name="Failures">Attempts that counted.</param>
/// <param name="Due">Not before then; nor before those of its messages that are parked before it.</param>
internal sealed record ParkedParcel(Parcel Parcel, int Failures, DateTimeOffset Due);
