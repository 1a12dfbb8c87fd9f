using System.Net;
using System.Net.Sockets;

namespace Webcluster.EndToEnd.Harness;

internal static class Ports
{
    /// <summary>A loopback port that nobody listened on a moment ago.</summary>
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public static async Task WaitForAsync(int port, TimeSpan atMost, Func<string> whyNot)
    {
        for (var end = DateTime.UtcNow + atMost; DateTime.UtcNow < end; await Task.Delay(50))
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }

        throw new TimeoutException($"nothing listens on port {port}: {whyNot()}");
    }
}
