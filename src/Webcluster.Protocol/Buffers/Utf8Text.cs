using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Webcluster.Protocol.Buffers;

/// <summary>An interpolated string on its way into a <see cref="RentedWriter"/>; the members are called by the compiler.</summary>
[InterpolatedStringHandler]
public readonly ref struct Utf8Text
{
    // Enough for a number, a date, an id and most addresses.
    private const int UsualLength = 64;

    private readonly RentedWriter _to;

    public Utf8Text(int literalLength, int formattedCount, RentedWriter to)
    {
        _to = to;
        _to.GetSpan(literalLength + formattedCount * UsualLength);
    }

    public void AppendLiteral(string text) => AppendFormatted(text);

    public void AppendFormatted(string text) =>
        _to.Advance(Encoding.UTF8.GetBytes(text, _to.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));

    public void AppendFormatted<T>(T value) where T : IUtf8SpanFormattable
    {
        var size = UsualLength;
        int written;
        while (!value.TryFormat(_to.GetSpan(size), out written, default, CultureInfo.InvariantCulture)) size *= 2;
        _to.Advance(written);
    }
}
