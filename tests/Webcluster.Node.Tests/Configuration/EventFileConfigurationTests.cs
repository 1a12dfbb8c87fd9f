using Shouldly;
using Webcluster.Node.Configuration;
using Webcluster.Node.EventFiles;
using Webcluster.Queue.Events;
using Xunit;

namespace Webcluster.Node.Tests.Configuration;

/// <summary>Event files as they stand in the file.</summary>
public sealed class EventFileConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_EventFiles_AreBound_WithTheirDefaults()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "log"));
        var loaded = Load("""
            event_files:
              - path: log/events.json
              - {path: log/acct.csv, format: accounting, tenant: shop, events: [delivered, bounced], max_size: 1MiB, daily: true, keep: 3}
              - {path: log/all.csv, format: accounting, max_size: 0}
            """);
        loaded.Problems.ShouldBeEmpty();
        Directory.GetFiles(Path.Combine(_folder.Path, "log")).ShouldBeEmpty("looking makes no files");

        var files = loaded.Options.EventFiles.Select(each => each.ToFile()).ToList();
        (files[0].Path, files[0].Format, files[0].Tenant, files[0].MaxSize, files[0].IsDaily, files[0].Keep)
            .ShouldBe((Path.Combine(_folder.Path, "log/events.json"), EventFileFormat.Ecs, null, 256 << 20, false, 20));
        files[0].Kinds.Count.ShouldBe(Enum.GetValues<MailEventKind>().Length);
        (files[1].Format, files[1].Tenant, files[1].MaxSize, files[1].IsDaily, files[1].Keep).ShouldBe((EventFileFormat.Accounting, "shop", 1 << 20, true, 3));
        files[1].Kinds.ShouldBe([MailEventKind.Delivered, MailEventKind.Bounced], ignoreOrder: true);
        files[2].MaxSize.ShouldBe(long.MaxValue);
        files[2].Kinds.ShouldNotContain(MailEventKind.Held);
    }

    [Fact]
    public void Load_WhatCannotBe_IsNamedWithItsLine()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "folder"));
        var loaded = Load("""
            event_files:
              - {format: xml, events: [opened]}
              - {path: a.csv, format: accounting, events: [delivered, limit_changed], max_size: 10KiB, keep: 0}
              - {path: ./a.csv, keep: 10001}
              - {path: nowhere/a.json}
              - {path: folder}
            """);

        loaded.Problems.Select(problem => problem.ToString().Replace(_folder.Path + "/", "")).Order().ShouldBe(
        [
            "a.yaml:2: event_files[0].events[0]: 'opened' is not allowed; one of: accepted, deferred, delivered, bounced, bounced_later, expired, complained, "
            + "suppressed, unsubscribed, held, moved, dropped, possible_duplicate, limit_changed, source_changed",
            "a.yaml:2: event_files[0].format: 'xml' is not allowed; one of: ecs, accounting",
            "a.yaml:2: event_files[0].path: is needed",
            "a.yaml:3: event_files[1].events[1]: limit_changed has no record in an accounting file",
            "a.yaml:3: event_files[1].keep: must be 1 to 10000",
            "a.yaml:3: event_files[1].max_size: must be 0 or at least 1MiB",
            "a.yaml:4: event_files[2].keep: must be 1 to 10000",
            "a.yaml:4: event_files[2].path: another entry writes a.csv",
            "a.yaml:5: event_files[3].path: nowhere does not exist",
            "a.yaml:6: event_files[4].path: folder is a folder",
        ]);
    }

    [Fact]
    public void Load_FileThatCannotBeWritten_IsNamed()
    {
        var loaded = Load("event_files: [{path: /proc/webcluster-events.json}, {path: /proc/version}]");

        loaded.Problems.Select(problem => problem.Key).Order().ShouldBe(["event_files[0].path", "event_files[1].path"]);
        loaded.Problems.ShouldAllBe(problem => problem.ToString().Contains("cannot be written: "));
    }

    private LoadedConfiguration Load(string yaml)
    {
        _folder.Write("a.yaml", yaml);
        return ConfigurationLoader.Load("a.yaml", new Dictionary<string, string> { ["XDG_STATE_HOME"] = _folder.Path }, _folder.Path);
    }
}
