using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Webcluster.EndToEnd.TransportSecurity;

/// <summary>A zone signed with DNSSEC (ECDSA P-256, NSEC; RFC 4034), written with generic records (RFC 3597), which every server
/// reads.</summary>
internal sealed class SignedZone : IDisposable
{
    private const ushort A = 1, Ns = 2, Soa = 6, Mx = 15, Rrsig = 46, Nsec = 47, DnsKey = 48, Tlsa = 52;
    private const uint Ttl = 300;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _origin;
    private readonly List<(string Owner, ushort Type, byte[] Data)> _records = [];
    private readonly byte[] _keyData;

    /// <param name="origin">Without a final dot, as all names.</param>
    public SignedZone(string origin)
    {
        _origin = origin;
        var point = _key.ExportParameters(false).Q;
        _keyData = [1, 1, 3, 13, .. point.X!, .. point.Y!];
        _records.Add((origin, Soa, [.. Name($"ns.{origin}"), .. Name($"root.{origin}"), .. Int(1), .. Int(3600), .. Int(600), .. Int(86400), .. Int(Ttl)]));
        _records.Add((origin, Ns, Name($"ns.{origin}")));
        _records.Add((origin, DnsKey, _keyData));
        Address($"ns.{origin}");
    }

    /// <summary>For the resolver that is to believe it.</summary>
    public string TrustAnchor => $"{_origin}. DNSKEY 257 3 13 {Convert.ToBase64String(_keyData.AsSpan(4))}";

    public SignedZone Address(string host)
    {
        _records.Add((host, A, [127, 0, 0, 1]));
        return this;
    }

    public SignedZone Exchanger(string domain, string host)
    {
        _records.Add((domain, Mx, [0, 10, .. Name(host)]));
        return this;
    }

    /// <summary>"3 1 1": the server's own key, by SHA-256.</summary>
    public SignedZone KeyOf(string host, int port, byte[] digest)
    {
        _records.Add(($"_{port}._tcp.{host}", Tlsa, [3, 1, 1, .. digest]));
        return this;
    }

    public string Text()
    {
        var sets = _records.GroupBy(record => (record.Owner, record.Type)).Select(set => (set.Key.Owner, set.Key.Type, Data: set.Select(r => r.Data).ToList())).ToList();
        var owners = sets.Select(set => set.Owner).Distinct().Order(Comparer<string>.Create(Compare)).ToList();
        for (var i = 0; i < owners.Count; i++)
        {
            var types = sets.Where(set => set.Owner == owners[i]).Select(set => set.Type).Append(Rrsig).Append(Nsec);
            sets.Add((owners[i], Nsec, [[.. Name(owners[(i + 1) % owners.Count]), .. Bitmap([.. types])]]));
        }

        var text = new StringBuilder();
        foreach (var (owner, type, data) in sets.OrderBy(set => set.Type != Soa))
        {
            foreach (var one in data) Write(owner, type, one);
            Write(owner, Rrsig, Sign(owner, type, data));
        }

        return text.ToString();

        void Write(string owner, ushort type, byte[] data) =>
            text.Append($"{owner}. {Ttl} IN TYPE{type} \\# {data.Length} {Convert.ToHexString(data)}\n");
    }

    public void Dispose() => _key.Dispose();

    private byte[] Sign(string owner, ushort type, List<byte[]> data)
    {
        var now = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        byte[] head =
        [
            .. Short(type), 13, (byte)owner.Split('.').Length, .. Int(Ttl), .. Int(now + 86400), .. Int(now - 86400), .. Short(KeyTag()), .. Name(_origin),
        ];
        var ordered = data.OrderBy(one => Convert.ToHexString(one), StringComparer.Ordinal)
            .SelectMany(one => (byte[])[.. Name(owner), .. Short(type), .. Short(1), .. Int(Ttl), .. Short((ushort)one.Length), .. one]);
        return [.. head, .. _key.SignData([.. head, .. ordered], HashAlgorithmName.SHA256)];
    }

    // RFC 4034, appendix B.
    private ushort KeyTag()
    {
        var sum = 0L;
        for (var i = 0; i < _keyData.Length; i++) sum += i % 2 == 0 ? _keyData[i] << 8 : _keyData[i];
        return (ushort)(sum + (sum >> 16 & 0xFFFF));
    }

    // All types here are below 256: one window.
    private static byte[] Bitmap(ushort[] types)
    {
        var bits = new byte[types.Max() / 8 + 1];
        foreach (var type in types) bits[type / 8] |= (byte)(0x80 >> type % 8);
        return [0, (byte)bits.Length, .. bits];
    }

    // Canonical order: by labels from the right.
    private static int Compare(string a, string b)
    {
        var (left, right) = (a.Split('.').Reverse().ToList(), b.Split('.').Reverse().ToList());
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
            if (string.CompareOrdinal(left[i], right[i]) is not 0 and var order)
                return order;
        return left.Count - right.Count;
    }

    private static byte[] Name(string name) =>
        [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    private static byte[] Short(ushort value)
    {
        var octets = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, value);
        return octets;
    }

    private static byte[] Int(uint value)
    {
        var octets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        return octets;
    }
}
