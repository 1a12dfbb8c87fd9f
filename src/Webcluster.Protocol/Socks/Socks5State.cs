namespace Webcluster.Protocol.Socks;

public enum Socks5State
{
    /// <summary>The proxy says how it wants to be told who we are.</summary>
    Choosing,

    /// <summary>The proxy says whether it knows us.</summary>
    Proving,

    /// <summary>A connection may be asked for.</summary>
    Ready,

    /// <summary>The proxy connects.</summary>
    Connecting,

    /// <summary>What follows is the relayed connection's.</summary>
    Connected,

    /// <summary>The connection to the proxy is of no further use.</summary>
    Failed,
}
