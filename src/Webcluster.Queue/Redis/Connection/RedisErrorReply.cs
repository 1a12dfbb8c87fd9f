namespace Webcluster.Queue.Redis.Connection;

/// <summary>What the error replies of a server mean. The first word decides; the rest is for people.</summary>
internal static class RedisErrorReply
{
    public static RedisTroubleKind KindOf(string reply) => Word(reply) switch
    {
        "OOM" => RedisTroubleKind.Full,
        "MISCONF" => RedisTroubleKind.NotPersisting,
        "NOREPLICAS" => RedisTroubleKind.NoReplicas,
        "READONLY" => RedisTroubleKind.ReadOnly,
        "LOADING" => RedisTroubleKind.Loading,
        "MASTERDOWN" => RedisTroubleKind.Unavailable,
        "EXECABORT" => RedisTroubleKind.Unavailable,
        "UNBLOCKED" => RedisTroubleKind.Unavailable,
        "BUSY" or "UNKILLABLE" or "NOTBUSY" => RedisTroubleKind.Busy,
        "CLUSTERDOWN" or "MOVED" or "ASK" => RedisTroubleKind.ClusterDown,
        "TRYAGAIN" => RedisTroubleKind.SlotMoving,
        "NOAUTH" or "NOPERM" or "WRONGPASS" => RedisTroubleKind.Denied,
        _ => RedisTroubleKind.BadReply,
    };

    /// <summary>
    /// A refusal comes before the first write of a script; a fault of any other kind may come after some of them.
    /// UNBLOCKED follows a write that was done.
    /// </summary>
    public static bool MayHaveHappened(string reply) => KindOf(reply) is RedisTroubleKind.BadReply || Word(reply) is "UNBLOCKED";

    public static bool IsNoScript(string reply) => Word(reply) is "NOSCRIPT";

    // Before Redis 7 an error inside a script came wrapped: "ERR Error running script (...): @user_script:1: -OOM command not ...".
    private static string Word(string reply)
    {
        const string wrapper = "ERR Error running script";
        var text = reply.AsSpan().TrimStart('-');
        if (text.StartsWith(wrapper, StringComparison.Ordinal) && text.LastIndexOf(": -", StringComparison.Ordinal) is >= 0 and var at)
            text = text[(at + 3)..];
        var end = text.IndexOfAny(' ', '\r', '\n');
        return (end < 0 ? text : text[..end]).ToString();
    }
}
