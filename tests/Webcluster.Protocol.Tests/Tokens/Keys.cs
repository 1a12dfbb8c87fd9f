using Webcluster.Protocol.Tokens;

namespace Webcluster.Protocol.Tests.Tokens;

internal static class Keys
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 15, 0, 0, TimeSpan.Zero);

    public static TokenKeyRing Ring(params byte[] ids) =>
        new([.. ids.Select(id => TokenKey.Create(id, new string((char)('a' + id), 32), out _)!)]);
}
