using System.Net;
using System.Net.Sockets;
using System.Text;
using Shouldly;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Durability;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Durability;

/// <summary>Servers that have WAITAOF, as scripted answers: SET, WAITAOF, and where that is refused WAIT.</summary>
public sealed class ReplicaFenceTests
{
    [Theory]
    [InlineData("*2\r\n:1\r\n:1\r\n", true)]
    [InlineData("*2\r\n:1\r\n:2\r\n", true)]
    [InlineData("*2\r\n:1\r\n:0\r\n", false)]
    [InlineData("*2\r\n:0\r\n:1\r\n", false)]
    [InlineData("*1\r\n:0\r\n", false)]
    [InlineData("*0\r\n", false)]
    [InlineData("+OK\r\n", false)]
    [InlineData("$2\r\nOK\r\n", false)]
    [InlineData("-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.\r\n", false)]
    [InlineData("", false)]
    [InlineData("-ERR unknown command 'WAITAOF'\r\n|:1\r\n", true)]
    [InlineData("-ERR unknown command 'WAITAOF'\r\n|:0\r\n", false)]
    [InlineData("-ERR unknown command 'WAITAOF'\r\n|-ERR no\r\n", false)]
    public async Task Pass_Answers_AreCounted(string answers, bool passed)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = ServeAsync(listener, ["+OK\r\n", .. answers.Split('|')]);
        var options = new RedisLinkOptions { CallTimeout = TimeSpan.FromSeconds(5) };
        await using (var fence = new ReplicaFence(options, new DurabilityOptions(), Address(listener), () => { }))
            (await fence.PassAsync([3, 5], CancellationToken.None).Soon()).ShouldBe(passed);
        (await served.Soon()).ShouldStartWith("*3\r\n$3\r\nSET\r\n$12\r\nwc:{3}:fence\r\n$1\r\n1\r\n*4\r\n$7\r\nWAITAOF\r\n$1\r\n1\r\n$1\r\n1\r\n$4\r\n1000\r\n");
    }

    [Theory]
    [InlineData("+OK\r\n+OK\r\n|*2\r\n:1\r\n:1\r\n", true, false)]
    [InlineData("+OK\r\n-MOVED 1234 10.0.0.9:6379\r\n", false, true)]
    [InlineData("-ASK 1234 10.0.0.9:6379\r\n+OK\r\n", false, true)]
    [InlineData("-READONLY You can't write\r\n+OK\r\n", false, false)]
    public async Task Pass_ShardsOfACluster_AllMustBeThere(string answers, bool passed, bool elsewhere)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = ServeAsync(listener, answers.Split('|'));
        var options = new RedisLinkOptions { CallTimeout = TimeSpan.FromSeconds(5), Cluster = true };
        var heard = false;
        await using (var fence = new ReplicaFence(options, new DurabilityOptions(), Address(listener), () => heard = true))
            (await fence.PassAsync([3, 5], CancellationToken.None).Soon()).ShouldBe(passed);
        heard.ShouldBe(elsewhere);
        (await served.Soon()).ShouldStartWith(
            "*3\r\n$3\r\nSET\r\n$12\r\nwc:{3}:fence\r\n$1\r\n1\r\n*3\r\n$3\r\nSET\r\n$12\r\nwc:{5}:fence\r\n$1\r\n1\r\n");
    }

    private static string Address(TcpListener listener) => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    // One answer for each write; an empty one ends the connection.
    private static async Task<string> ServeAsync(TcpListener listener, string[] answers)
    {
        using var peer = await listener.AcceptTcpClientAsync();
        var stream = peer.GetStream();
        var (buffer, heard) = (new byte[1000], new StringBuilder());
        foreach (var answer in answers)
        {
            heard.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)));
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        }
        return heard.ToString();
    }
}
