using Webcluster.Queue.Traffic;

namespace Webcluster.Delivery.Providers;

/// <summary>Limits of the traffic to a provider. What is left out is not said here, so that what is less specific stands.</summary>
public class LimitOptions
{
    private const int Most = 1_000_000;

    /// <summary>Connections open at once.</summary>
    public int? Connections { get; set; }

    /// <summary>Messages on one connection; then it is closed.</summary>
    public int? MessagesPerConnection { get; set; }

    /// <summary>Messages begun: 100/min, or with what may come at once 100/min,burst=20.</summary>
    public Rate? Messages { get; set; }

    /// <summary>Connections opened: 30/min.</summary>
    public Rate? ConnectionRate { get; set; }

    /// <summary>Content begun: 50MiB/min.</summary>
    public Rate? Bytes { get; set; }

    /// <summary>Of the messages, those that were never attempted before. Below <see cref="Messages"/>, so that retries have room.</summary>
    public Rate? FirstAttempts { get; set; }

    public virtual IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Connections is < 1 or > Most) yield return ("connections", $"must be 1 to {Most}");
        if (MessagesPerConnection is < 1 or > Most) yield return ("messages_per_connection", $"must be 1 to {Most}");
    }

    internal IEnumerable<Setting> Settings(LimitScope scope, string origin)
    {
        (string Key, object? Value)[] values =
        [
            (Setting.Connections, Connections), (Setting.MessagesPerConnection, MessagesPerConnection), (Setting.Messages, Messages),
            (Setting.ConnectionRate, ConnectionRate), (Setting.Bytes, Bytes), (Setting.FirstAttempts, FirstAttempts),
        ];
        return values.Where(value => value.Value is not null).Select(value => new Setting(scope, value.Key, value.Value!, origin));
    }
}
