using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Messages;
using Xunit;

namespace Webcluster.Queue.Tests.Messages;

/// <summary>The octets are what queues in the field hold. A test that fails here means a new version, not new octets.</summary>
public sealed class StoredRecordTests
{
    private const DsnNotify AllReports = DsnNotify.Success | DsnNotify.Failure | DsnNotify.Delay;

    public static TheoryData<Envelope, string> Envelopes => new()
    {
        {
            new Envelope(new Mailbox("joe", "example.com"), "QQ1", DsnReturn.Full, EightBit: true, SmtpUtf8: false, "acme"),
            "01070103" + "6A6F65" + "0B6578616D706C652E636F6D" + "03515131" + "0461636D65"
        },
        { new Envelope(null, null, DsnReturn.NotGiven, EightBit: false, SmtpUtf8: false, ""), "01000000" },
        {
            new Envelope(new Mailbox("jürgen", "xn--bcher-kva.example"), null, DsnReturn.Headers, EightBit: false, SmtpUtf8: true, "t"),
            "010902" + "076AC3BC7267656E" + "15786E2D2D62636865722D6B76612E6578616D706C65" + "0174"
        },
        {
            new Envelope(null, null, DsnReturn.NotGiven, EightBit: false, SmtpUtf8: false, "t", MessageTags.Of(["spring", "a-b"])),
            "020000" + "0174" + "0A737072696E6720612D62"
        },
        { new Envelope(null, null, DsnReturn.NotGiven, EightBit: false, SmtpUtf8: false, "") { Tls = TlsWish.Required }, "01100000" },
        { new Envelope(null, null, DsnReturn.NotGiven, EightBit: false, SmtpUtf8: false, "") { Tls = TlsWish.Relaxed }, "01200000" },
    };

    public static TheoryData<QueuedRecipient[], string> Recipients => new()
    {
        { [new QueuedRecipient(new Mailbox("a", "b.c"), DsnNotify.NotGiven, null)], "0101" + "0000" + "0161" + "03622E63" },
        {
            [
                new QueuedRecipient(new Mailbox("a", "b"), AllReports, "rfc822;x@y", "450 no", DelayNotified: true),
                new QueuedRecipient(new Mailbox("", "[192.0.2.1]"), DsnNotify.Never, null, "", DelayNotified: false),
            ],
            "0102" + "070E" + "0161" + "0162" + "0A7266633832323B784079" + "06343530206E6F"
            + "0201" + "00" + "0B5B3139322E302E322E315D" + "00"
        },
        { [], "0100" },
    };

    [Theory]
    [MemberData(nameof(Envelopes))]
    public void Envelope_ToOctetsAndBack_IsFrozen(Envelope envelope, string octets)
    {
        Convert.ToHexString(EnvelopeCodec.Encode(envelope)).ShouldBe(octets);
        EnvelopeCodec.TryDecode(Convert.FromHexString(octets), out var decoded).ShouldBeTrue();
        decoded.ShouldBe(envelope);
    }

    [Theory]
    [MemberData(nameof(Recipients))]
    public void Recipients_ToOctetsAndBack_AreFrozen(QueuedRecipient[] recipients, string octets)
    {
        Convert.ToHexString(RecipientsCodec.Encode(recipients)).ShouldBe(octets);
        RecipientsCodec.TryDecode(Convert.FromHexString(octets), out var decoded).ShouldBeTrue();
        decoded.ShouldBe(recipients);
    }

    [Theory]
    [InlineData(127, "7F")]
    [InlineData(128, "8001")]
    [InlineData(16383, "FF7F")]
    [InlineData(16384, "808001")]
    public void Text_LengthAtTheEdges_IsReadBack(int length, string prefix)
    {
        var envelope = new Envelope(null, null, DsnReturn.NotGiven, EightBit: false, SmtpUtf8: false, new string('x', length));

        var record = EnvelopeCodec.Encode(envelope);

        Convert.ToHexString(record).ShouldStartWith("010000" + prefix + "78");
        EnvelopeCodec.TryDecode(record, out var decoded).ShouldBeTrue();
        decoded.ShouldBe(envelope);
    }

    [Theory]
    [MemberData(nameof(Envelopes))]
    public void Envelope_CutOrLonger_IsRefused(Envelope envelope, string octets)
    {
        _ = envelope;
        var record = Convert.FromHexString(octets);
        for (var length = 0; length < record.Length; length++)
            EnvelopeCodec.TryDecode(record.AsSpan(0, length), out _).ShouldBeFalse();
        EnvelopeCodec.TryDecode([.. record, 0], out _).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Recipients))]
    public void Recipients_CutOrLonger_AreRefused(QueuedRecipient[] recipients, string octets)
    {
        _ = recipients;
        var record = Convert.FromHexString(octets);
        for (var length = 0; length < record.Length; length++)
            RecipientsCodec.TryDecode(record.AsSpan(0, length), out _).ShouldBeFalse();
        RecipientsCodec.TryDecode([.. record, 0], out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("02000000")]
    [InlineData("03000000")]
    [InlineData("01400000")]
    [InlineData("01000300")]
    [InlineData("010000FFFFFFFF")]
    [InlineData("010000FFFFFF7F")]
    [InlineData("01000080808080")]
    public void Envelope_UnknownVersionFlagValueOrLength_IsRefused(string octets) =>
        EnvelopeCodec.TryDecode(Convert.FromHexString(octets), out _).ShouldBeFalse();

    [Theory]
    [InlineData("0200")]
    [InlineData("0101080000000000")]
    [InlineData("01010010000000")]
    [InlineData("01FFFFFF7F")]
    [InlineData("010200000000")]
    public void Recipients_UnknownVersionFlagValueOrCount_AreRefused(string octets) =>
        RecipientsCodec.TryDecode(Convert.FromHexString(octets), out _).ShouldBeFalse();

    [Fact]
    public void Decode_RandomOctets_NeverThrowsAndWhatItTakesCanBeStored()
    {
        const int Seed = 20260101;
        var random = new Random(Seed);
        var taken = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var record = new byte[random.Next(24)];
            random.NextBytes(record);
            for (var j = 0; j < Math.Min(record.Length, 6); j++)
                record[j] = (byte)random.Next(4);
            var where = $"seed {Seed}, turn {i}";
            if (EnvelopeCodec.TryDecode(record, out var envelope))
            {
                EnvelopeCodec.TryDecode(EnvelopeCodec.Encode(envelope), out var again).ShouldBeTrue(where);
                again.ShouldBe(envelope, where);
                taken++;
            }
            if (RecipientsCodec.TryDecode(record, out var recipients))
            {
                RecipientsCodec.TryDecode(RecipientsCodec.Encode(recipients), out var again).ShouldBeTrue(where);
                again.ShouldBe(recipients, where);
                taken++;
            }
        }
        taken.ShouldBeGreaterThan(100);
    }
}
