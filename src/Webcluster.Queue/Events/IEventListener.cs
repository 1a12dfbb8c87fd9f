namespace Webcluster.Queue.Events;

/// <summary>Told of what this node made happen, once it is durable. Must return at once: mail waits for it.</summary>
public interface IEventListener
{
    void Happened(IReadOnlyList<MailEvent> events);
}
