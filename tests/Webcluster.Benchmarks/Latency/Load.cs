using System.Net;

namespace Webcluster.Benchmarks.Latency;

/// <summary>What is sent, and how.</summary>
/// <param name="Rate">Mails a second, each due at its moment; 0: as fast as the connections go.</param>
/// <param name="IsFresh">A connection for each mail, in place of one that is kept.</param>
internal sealed record Load(
    IPEndPoint Server, double Rate, int Connections, bool IsFresh, Func<NumberedMail> Mail, string Sender, string Recipient);
