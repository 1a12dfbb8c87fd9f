using System.Globalization;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>
/// The file's format. Two tables for mail and no secondary index: the index is in memory and is rebuilt from <c>deliveries</c> alone, so a
/// start never reads content. What a claim needs besides (envelope and bytes) stands in <c>messages</c>. Rows only grow, so new mail is
/// appended at the end of both. Version 2 added the columns tags (separated by spaces) and bounce (why a delivery is to fail; empty: it is
/// not), and the rules; version 3 what is kept of traffic; version 4 events, feeds and the suppression list (tenant "": global; ends in
/// seconds since 1970, 0: never); version 5 soft failures.
/// </summary>
internal static class Schema
{
    public const int Version = 5;
    private const int ApplicationId = 0x57434D51;

    private const string Tables = """
        CREATE TABLE messages(row INTEGER PRIMARY KEY, envelope BLOB NOT NULL, prefix BLOB NOT NULL, body BLOB NOT NULL);
        CREATE TABLE deliveries(
            row INTEGER PRIMARY KEY, message INTEGER NOT NULL, id BLOB NOT NULL, ordinal INTEGER NOT NULL,
            provider TEXT NOT NULL, site TEXT NOT NULL, pool TEXT NOT NULL, class INTEGER NOT NULL, tenant TEXT NOT NULL,
            due INTEGER NOT NULL, attempts INTEGER NOT NULL, flags INTEGER NOT NULL,
            accepted INTEGER NOT NULL, expires INTEGER NOT NULL, octets INTEGER NOT NULL, recipients BLOB NOT NULL,
            tags TEXT NOT NULL DEFAULT '', bounce TEXT NOT NULL DEFAULT '');
        CREATE TABLE probe(row INTEGER PRIMARY KEY, count INTEGER NOT NULL);
        INSERT INTO probe VALUES(1, 0);
        """;

    private const string Rules = """
        CREATE TABLE rules(
            row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, record BLOB NOT NULL, through INTEGER NOT NULL, cursor INTEGER NOT NULL,
            done INTEGER NOT NULL, under_way INTEGER NOT NULL, running INTEGER NOT NULL);
        """;

    private const string Traffic = """
        CREATE TABLE traffic(
            provider TEXT NOT NULL, source TEXT NOT NULL, suspended INTEGER NOT NULL, reply TEXT NOT NULL, changed INTEGER NOT NULL,
            used_at INTEGER NOT NULL, plan TEXT NOT NULL, step INTEGER NOT NULL, day INTEGER NOT NULL, used INTEGER NOT NULL,
            refused INTEGER NOT NULL, warm INTEGER NOT NULL, PRIMARY KEY(provider, source)) WITHOUT ROWID;
        """;

    private const string Events = """
        CREATE TABLE events(row INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, message BLOB, event BLOB NOT NULL);
        CREATE INDEX events_message ON events(message) WHERE message IS NOT NULL;
        CREATE TABLE feeds(name TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID;
        """;

    private const string Suppressions = """
        CREATE TABLE suppressions(
            address BLOB NOT NULL, tenant TEXT NOT NULL, ends INTEGER NOT NULL, record BLOB NOT NULL,
            PRIMARY KEY(address, tenant)) WITHOUT ROWID;
        CREATE INDEX suppressions_by_end ON suppressions(ends) WHERE ends>0;
        CREATE TABLE suppression_count(row INTEGER PRIMARY KEY, entries INTEGER NOT NULL);
        INSERT INTO suppression_count VALUES(1, 0);
        """;

    private const string SoftFailures = """
        CREATE TABLE soft_failures(
            row INTEGER PRIMARY KEY AUTOINCREMENT, address BLOB NOT NULL, tenant TEXT NOT NULL, last INTEGER NOT NULL,
            failures BLOB NOT NULL, UNIQUE(address, tenant));
        """;

    /// <summary>Costs the same whatever the file holds: SQLite keeps the default of an added column once.</summary>
    private const string FromVersion1 = $"""
        ALTER TABLE deliveries ADD COLUMN tags TEXT NOT NULL DEFAULT '';
        ALTER TABLE deliveries ADD COLUMN bounce TEXT NOT NULL DEFAULT '';
        {Rules}
        {Traffic}
        {Events}
        {Suppressions}
        {SoftFailures}
        """;

    private const string FromVersion2 = $"""
        {Traffic}
        {Events}
        {Suppressions}
        {SoftFailures}
        """;

    /// <summary>Makes an empty file ours, and refuses what is not ours or newer than this program.</summary>
    public static void Prepare(SqliteDatabase database)
    {
        var application = database.Number("PRAGMA application_id");
        var version = database.Number("PRAGMA user_version");
        var isEmpty = database.Number("SELECT count(*) FROM sqlite_master") == 0;
        if (application == 0 && version == 0 && isEmpty)
            Create(database);
        else if (application != ApplicationId)
            throw new QueueStoreException("The file is a SQLite database, but not a queue of Webcluster.");
        else if (version == 1)
            Upgrade(database, FromVersion1);
        else if (version == 2)
            Upgrade(database, FromVersion2);
        else if (version == 3)
            Upgrade(database, Events + Suppressions + SoftFailures);
        else if (version == 4)
            Upgrade(database, SoftFailures);
        else if (version > Version)
            throw new QueueStoreException(
                $"The queue has format {version.ToString(CultureInfo.InvariantCulture)}; this program knows {Version}: use a newer one.");
    }

    private static void Create(SqliteDatabase database) => database.Execute($"""
        PRAGMA page_size={StoreTuning.PageOctets};
        PRAGMA journal_mode=WAL;
        BEGIN IMMEDIATE;
        {Tables}
        {Rules}
        {Traffic}
        {Events}
        {Suppressions}
        {SoftFailures}
        PRAGMA application_id={ApplicationId};
        PRAGMA user_version={Version};
        COMMIT;
        """);

    private static void Upgrade(SqliteDatabase database, string changes) => database.Execute($"""
        BEGIN IMMEDIATE;
        {changes}
        PRAGMA user_version={Version};
        COMMIT;
        """);
}
