namespace Webcluster.Protocol.Classification;

/// <summary>What is done about a failure of a class.</summary>
/// <param name="Retry">When the same mail is worth another attempt. What the remote said stays in the record beside it.</param>
/// <param name="Suppress">The address is put on the list of those that get no more mail, where
/// <see cref="Consequences.Suppresses"/> agrees.</param>
/// <param name="SlowSource">The source sends less to this provider for a while.</param>
/// <param name="Alarm">A person should look: something on this side has to be set right.</param>
public sealed record Consequence(RetryWhen Retry, bool Suppress, bool SlowSource, bool Alarm);

public enum RetryWhen
{
    /// <summary>The reply was 4yz.</summary>
    Temporary,

    /// <summary>Also after 5yz: the reply speaks of this moment, not of the message or the recipient.</summary>
    Always,
}
