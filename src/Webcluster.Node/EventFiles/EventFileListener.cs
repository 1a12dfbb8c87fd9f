using Webcluster.Node.EventFiles.Writing;
using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles;

/// <summary>Hands what this node made happen to every file that wants it.</summary>
internal sealed class EventFileListener(IReadOnlyList<EventFileWriter> writers) : IEventListener
{
    public IReadOnlyList<EventFileWriter> Writers => writers;

    public void Happened(IReadOnlyList<MailEvent> events)
    {
        foreach (var writer in writers)
            foreach (var one in events)
                writer.Offer(one);
    }
}
