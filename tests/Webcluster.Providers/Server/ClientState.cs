using System.Net.Sockets;

namespace Webcluster.Providers.Server;

/// <summary>What the kernel knows of the other side of a connection, ahead of what has been read from it.</summary>
internal static class ClientState
{
    // Of <linux/tcp.h>: the first octet of struct tcp_info is the state of the connection.
    private const int TcpLevel = 6, TcpInfo = 11;
    private const byte Established = 1;

    public static bool IsGone(Socket socket)
    {
        try
        {
            Span<byte> info = stackalloc byte[104];
            return socket.GetRawSocketOption(TcpLevel, TcpInfo, info) > 0 && info[0] != Established;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }
}
