using System.Net;
using System.Net.Sockets;

namespace Webcluster.TestKit.Processes;

public static class Ports
{
    // Below the ports that Linux gives to outgoing connections, so that none of these takes one before its listener has. The bus of a
    // Redis Cluster node listens at its port plus 10,000, and that is below them too.
    private const int First = 12_000;
    private const int Last = 22_000;

    private static int s_next = Random.Shared.Next(Last - First);

    /// <summary>A loopback port that nobody listened on a moment ago, and that this process was not given before.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref s_next) % (Last - First));
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
