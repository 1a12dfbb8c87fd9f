using System.Net;
using System.Net.Sockets;

namespace Webcluster.TestKit.Processes;

public static class Ports
{
    // Below the ports that Linux gives to outgoing connections, so that none of these takes one before its listener has. The bus of a
    // Redis Cluster node listens at its port plus 10,000, and that is below them too.
    private const int First = 12_000;
    private const int Last = 22_000;

    private const int BlockSize = 500;
    private const int Blocks = (Last - First) / BlockSize;

    private static readonly Lock s_lock = new();
    private static readonly List<FileStream> s_blocks = [];
    private static int s_next;
    private static int s_end;

    /// <summary>A loopback port that nobody listened on a moment ago, and that no process of a test was given that still runs.</summary>
    public static int Free()
    {
        lock (s_lock)
            while (true)
            {
                if (s_next == s_end) TakeBlock();
                var port = s_next++;
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                    return port;
                }
                catch (SocketException)
                {
                    // Taken.
                }
            }
    }

    /// <summary>So many of them.</summary>
    public static int[] Free(int count) => [.. Enumerable.Range(0, count).Select(_ => Free())];

    /// <summary>Ports for this process alone: as long as it runs it holds a lock on a file that stands for them.</summary>
    private static void TakeBlock()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "webcluster-test-ports")).FullName;
        var first = Random.Shared.Next(Blocks);
        for (var tries = 0; ; tries++)
        {
            // It has had them all: the oldest are free again.
            if (tries == Blocks) s_blocks.ForEach(held => held.Dispose());
            var block = (first + tries) % Blocks;
            try
            {
                s_blocks.Add(new FileStream(Path.Combine(folder, $"{block}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                (s_next, s_end) = (First + block * BlockSize, First + (block + 1) * BlockSize);
                return;
            }
            catch (IOException) when (tries < 2 * Blocks)
            {
                // Another process has it, or this one.
            }
        }
    }

    public static Task WaitForAsync(int port, TimeSpan atMost, Func<string> whyNot) =>
        WaitForAsync(new IPEndPoint(IPAddress.Loopback, port), atMost, whyNot);

    public static async Task WaitForAsync(IPEndPoint end, TimeSpan atMost, Func<string> whyNot)
    {
        for (var until = DateTime.UtcNow + atMost; DateTime.UtcNow < until; await Task.Delay(50))
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(end);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }

        throw new TimeoutException($"nothing listens on {end}: {whyNot()}");
    }
}
