using System.Net.Sockets;

namespace Webcluster.Delivery.Sources;

/// <summary>
/// Binding an address takes a port for all destinations at once, so a source would have some 28,000 connections in all. Linux can leave the
/// port to connect(), which takes one that is free towards the destination.
/// </summary>
internal static class SourcePort
{
    private const int IPProtocol = 0;

    // IP_BIND_ADDRESS_NO_PORT, since Linux 4.2.
    private const int BindAddressNoPort = 24;

    public static void ChooseLate(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            socket.SetRawSocketOption(IPProtocol, BindAddressNoPort, BitConverter.GetBytes(1));
        }
        catch (SocketException)
        {
            // An older system: there are fewer ports then.
        }
    }
}
