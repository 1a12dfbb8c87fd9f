namespace Webcluster.Providers.Model;

/// <summary>Why a provider did not take something.</summary>
internal enum RefusalKind
{
    /// <summary>More connections open from this source than the provider takes.</summary>
    TooManyConnections,

    /// <summary>Connections that follow each other too fast.</summary>
    ConnectionsTooOften,

    /// <summary>More messages in the same time than the provider takes.</summary>
    TooManyMessages,

    /// <summary>The connection has carried as many messages as it may.</summary>
    TooManyOnConnection,

    /// <summary>The source has ignored the limits too often, and is shut out until an end.</summary>
    Blocked,

    /// <summary>Not seen before: to be tried again.</summary>
    Greylisted,

    /// <summary>No such mailbox.</summary>
    UnknownUser,
}

internal static class RefusalKinds
{
    /// <summary>It says that the sender was too fast; the other kinds would come at any speed.</summary>
    public static bool IsForRate(this RefusalKind kind) => kind is not (RefusalKind.Greylisted or RefusalKind.UnknownUser);
}
