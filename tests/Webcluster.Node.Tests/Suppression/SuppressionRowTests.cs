using Shouldly;
using Webcluster.Node.Suppression;
using Webcluster.Queue.Suppression;
using Xunit;

namespace Webcluster.Node.Tests.Suppression;

public sealed class SuppressionRowTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 2, 34, 56, 789, TimeSpan.Zero);
    private static readonly RowDefaults Defaults = new(Now, "acme", SuppressionReason.Manual, new SuppressionExpiry(), KnowsHashes: false);

    [Fact]
    public void TryRead_AddressAlone_HasTheDefaults()
    {
        new SuppressionRow { Address = "Anna@x.example", Tenant = "", Reason = "", ExpiresAt = "" }.TryRead(Defaults, out var entry).ShouldBeNull();

        (entry.Key.Tenant, entry.Key.Address.ToString(), entry.Reason).ShouldBe(("acme", "anna@x.example", SuppressionReason.Manual));
        (entry.AddedAt, entry.ExpiresAt, entry.Source, entry.Note).ShouldBe((Now.AddMilliseconds(-789), null, "", ""));
    }

    [Theory]
    [InlineData("repeated_soft", null, null, "2026-12-22T02:34:56Z")]
    [InlineData("repeated_soft", "2026-01-01", null, "2026-01-31T00:00:00Z")]
    [InlineData("repeated_soft", null, "never", null)]
    [InlineData("complaint", null, null, null)]
    [InlineData("complaint", null, "2027-01-01T00:00:00+01:00", "2026-12-31T23:00:00Z")]
    public void TryRead_Times_AreTheseOrGoByReason(string reason, string? added, string? expires, string? expected)
    {
        var row = new SuppressionRow { Address = "anna@x.example", Reason = reason, AddedAt = added, ExpiresAt = expires };

        row.TryRead(Defaults, out var entry).ShouldBeNull();

        (entry.ExpiresAt is { } ends ? $"{ends.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : null).ShouldBe(expected);
    }

    [Theory]
    [InlineData("anna", "", "", "", "", "address is none")]
    [InlineData("hmac:000102030405060708090a0b0c0d0e0f", "", "", "", "", "address is a hash, and there is no suppression.hash_key_file")]
    [InlineData("a@x.example", "two words", "", "", "", "tenant is no name")]
    [InlineData("a@x.example", "", "Hard Bounce", "", "", "reason is not one of hard_bounce, repeated_soft, complaint, unsubscribe, manual")]
    [InlineData("a@x.example", "", "", "yesterday", "", "added_at is no time")]
    [InlineData("a@x.example", "", "", "1969-01-01", "", "added_at is no time from 1970")]
    [InlineData("a@x.example", "", "repeated_soft", "9999-12-20", "", "added_at is no time from 1970")]
    [InlineData("a@x.example", "", "", "", "2200-01-01", "expires_at is no time from 1970")]
    [InlineData("a@x.example", "", "", "", "soon", "expires_at is no time")]
    public void TryRead_WhatIsNoEntry_IsNamed(string address, string tenant, string reason, string added, string expires, string problem)
    {
        var row = new SuppressionRow { Address = address, Tenant = tenant, Reason = reason, AddedAt = added, ExpiresAt = expires };

        row.TryRead(Defaults, out _).ShouldNotBeNull().ShouldStartWith(problem);
    }

    [Fact]
    public void Of_Entry_IsReadBackAsItWas()
    {
        SuppressedAddress.TryParse("hmac:000102030405060708090a0b0c0d0e0f", out var hash).ShouldBeTrue();
        var entry = new SuppressionEntry(new SuppressionKey("acme", hash), SuppressionReason.RepeatedSoft, Now.AddMilliseconds(-789)) { Source = "e1", Note = "n, \"m\"" };

        SuppressionRow.Of(entry).TryRead(Defaults with { KnowsHashes = true, Tenant = "" }, out var read).ShouldBeNull();

        read.ShouldBe(entry);
    }
}
