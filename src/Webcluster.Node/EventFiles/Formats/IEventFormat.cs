using System.Buffers;
using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles.Formats;

/// <summary>How events are written. Each file has its own, used by one loop.</summary>
internal interface IEventFormat
{
    /// <summary>What each file begins with.</summary>
    ReadOnlyMemory<byte> Head { get; }

    /// <summary>Writes whole lines.</summary>
    void Append(MailEvent one, IBufferWriter<byte> lines);
}
