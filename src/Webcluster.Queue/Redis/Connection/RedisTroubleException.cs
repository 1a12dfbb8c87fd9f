namespace Webcluster.Queue.Redis.Connection;

/// <summary>The only exception of <see cref="RedisLink"/>.</summary>
/// <param name="mayHaveHappened">Whether the server may have done what was asked: then the caller asks again, idempotently, or does not
/// know.</param>
internal sealed class RedisTroubleException(RedisTroubleKind kind, bool mayHaveHappened, string message, Exception? cause = null)
    : Exception(message, cause)
{
    public RedisTroubleKind Kind { get; } = kind;

    public bool MayHaveHappened { get; } = mayHaveHappened;
}
