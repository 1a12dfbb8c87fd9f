using Webcluster.Node.EventFiles.Writing;
using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles;

/// <summary>Hands what this node made happen to every file that wants it.</summary>
internal sealed class EventFileListener(IEnumerable<EventFileWriter> writers) : IEventListener
{
    private readonly EventFileWriter[] _writers = [.. writers];

    public IReadOnlyList<EventFileWriter> Writers => _writers;

    public void Happened(IReadOnlyList<MailEvent> events)
    {
        foreach (var writer in _writers)
            foreach (var one in events)
                writer.Offer(one);
    }
}
