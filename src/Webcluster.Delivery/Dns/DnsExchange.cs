using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Webcluster.Protocol.Dns;

namespace Webcluster.Delivery.Dns;

internal readonly record struct ExchangeRequest(IPEndPoint Server, DnsQuestion Question, DnsQueryFlags Flags);

internal enum ExchangeStatus { Answered, TimedOut, Unreachable, Malformed }

/// <param name="Response">Null unless Answered.</param>
internal readonly record struct ExchangeResult(ExchangeStatus Status, DnsMessage? Response);

/// <summary>
/// One question to one server, once: over UDP, and over TCP where the answer was truncated. Each of the two has the time-out for itself.
/// </summary>
internal sealed class DnsExchange(TimeSpan timeout, TimeProvider time)
{
    /// <summary>Larger than what we say we take, for servers that do not look at it.</summary>
    private const int UdpBuffer = 4096;

    private const int LengthPrefix = 2;

    private static ExchangeResult Malformed => new(ExchangeStatus.Malformed, null);

    public async Task<ExchangeResult> AskAsync(ExchangeRequest request, CancellationToken cancellation)
    {
        var result = await WithinTimeoutAsync(c => OverUdpAsync(request, c), cancellation);
        // rfc7766#5: a truncated answer is asked for again over TCP.
        return result.Response is { Truncated: true }
            ? await WithinTimeoutAsync(c => OverTcpAsync(request, c), cancellation)
            : result;
    }

    private async Task<ExchangeResult> WithinTimeoutAsync(
        Func<CancellationToken, Task<ExchangeResult>> exchange, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            return await exchange(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ExchangeResult(ExchangeStatus.TimedOut, null);
        }
        catch (SocketException)
        {
            return new ExchangeResult(ExchangeStatus.Unreachable, null);
        }
    }

    private static async Task<ExchangeResult> OverUdpAsync(ExchangeRequest request, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(UdpBuffer);
        try
        {
            // rfc5452#9.2: a new socket for each query gets a port that the kernel draws at random; connected, it takes only this server's
            // datagrams.
            using var socket = new Socket(request.Server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(request.Server, cancellation);
            var id = RandomId();
            if (!DnsQuery.TryWrite(request.Question, id, request.Flags, buffer, out var length)) return Malformed;
            await socket.SendAsync(buffer.AsMemory(0, length), SocketFlags.None, cancellation);
            while (true)
            {
                // rfc5452#9.1: what is not the answer to this query may be forged, so it ends nothing; the true one may still come.
                var received = await socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, cancellation);
                if (DnsResponse.TryParse(buffer.AsSpan(0, received), out var response, out _) && response!.IsReplyTo(id, request.Question))
                    return new ExchangeResult(ExchangeStatus.Answered, response);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<ExchangeResult> OverTcpAsync(ExchangeRequest request, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ushort.MaxValue);
        try
        {
            using var socket = new Socket(request.Server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.NoDelay = true;
            await socket.ConnectAsync(request.Server, cancellation);
            await using var stream = new NetworkStream(socket);
            var id = RandomId();
            if (!DnsQuery.TryWrite(request.Question, id, request.Flags, buffer.AsSpan(LengthPrefix), out var length)) return Malformed;
            // rfc7766#8: length and message in one write.
            BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)length);
            await stream.WriteAsync(buffer.AsMemory(0, LengthPrefix + length), cancellation);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, LengthPrefix), cancellation);
            var answer = buffer.AsMemory(0, BinaryPrimitives.ReadUInt16BigEndian(buffer));
            await stream.ReadExactlyAsync(answer, cancellation);
            return DnsResponse.TryParse(answer.Span, out var response, out _) && response is { Truncated: false }
                && response.IsReplyTo(id, request.Question)
                ? new ExchangeResult(ExchangeStatus.Answered, response)
                : Malformed;
        }
        catch (IOException)
        {
            return new ExchangeResult(ExchangeStatus.Unreachable, null);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ushort RandomId() => (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
}
