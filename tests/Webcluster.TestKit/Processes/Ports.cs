using System.Net;
using System.Net.Sockets;

namespace Webcluster.TestKit.Processes;

public static class Ports
{
    /// <summary>A loopback port that nobody listened on a moment ago.</summary>
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
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
