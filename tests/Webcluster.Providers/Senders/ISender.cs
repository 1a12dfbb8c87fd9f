using System.Net;

namespace Webcluster.Providers.Senders;

/// <summary>A mail transfer agent that is judged: it takes mail and sends it to the providers.</summary>
internal interface ISender : IAsyncDisposable
{
    /// <summary>Where it takes mail without TLS and without AUTH.</summary>
    IPEndPoint Submission { get; }

    /// <summary>What it said last, for whoever looks for the reason of a failure.</summary>
    string Output { get; }
}
