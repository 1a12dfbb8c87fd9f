using Webcluster.Protocol.Tokens;

namespace Webcluster.Protocol.Reports;

/// <summary>The token that a message carries in its return path and its signed header, as it comes back: unverified.</summary>
internal static class ReferenceText
{
    public static string? Of(string? addressField) =>
        AddressText.All(addressField, most: 10).Select(ReturnToken.OfAddress).FirstOrDefault(token => token is not null);

    /// <summary>From the returned message's signed header or return path, else from the address that the report came to.</summary>
    public static string? Of(ReceivedMail mail)
    {
        if (mail.Original?.Value(ReturnPaths.ReferenceField) is { } header && ReturnToken.LooksLikeOne(header.Trim())) return header.Trim();
        return Of(mail.Original?.Value("Return-Path")) ?? Of(string.Join(' ', mail.OwnAddresses))
            ?? Of(mail.Header.Value("X-Original-To"));
    }
}
