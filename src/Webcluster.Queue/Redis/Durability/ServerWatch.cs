using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Webcluster.Queue.Redis.Connection;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>What is watched of one primary: its settings, its AOF, its memory. Used by one loop.</summary>
internal sealed class ServerWatch(DurabilityOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan SettingsAge = TimeSpan.FromMinutes(1);

    private readonly MemoryMark _memory = new(options.Memory?.Octets ?? 0);
    private readonly RewriteGuard _guard = new(time);
    private ServerSettings _settings = ServerSettings.Unknown;
    private string? _settingsOf;
    private long _settingsAt;
    private string _unchecked = "";

    /// <summary>Octets that the server used when it was last looked at.</summary>
    public long UsedMemory { get; private set; }

    /// <summary>Octets that it may use; 0: not limited.</summary>
    public long MemoryLimit { get; private set; }

    /// <summary>It was no primary when it was last looked at.</summary>
    public bool IsReplica { get; private set; }

    /// <summary>One INFO; CONFIG GET once a minute and after a start.</summary>
    /// <param name="shard">Any shard whose keys this server has.</param>
    /// <exception cref="RedisTroubleException">It cannot be asked.</exception>
    public async Task<(DurabilityState State, string Why)> LookAsync(RedisLink link, RedisServer server, int shard)
    {
        var info = RedisInfo.Parse(await server.InfoAsync());
        UsedMemory = info.UsedMemory;
        MemoryLimit = _memory.Limit(info.MaxMemory);
        IsReplica = !info.IsLoading && !info.IsPrimary;
        if (info.IsLoading)
            return (DurabilityState.NotServing, $"{server.Name} reads its data");
        if (IsReplica)
            return (DurabilityState.NotServing, $"{server.Name} is a replica");
        await ReadSettingsAsync(server, info);
        var check = DurabilityCheck.Of(options, info, _settings);
        SayUnchecked(server, check);
        if (!check.IsDurable)
            return (DurabilityState.Misconfigured,
                $"{server.Name}: {string.Join("; ", check.Faults)}. redis.conf needs:\n  {string.Join("\n  ", check.Lines)}\n");
        if (info.LastWriteFailed)
            return (DurabilityState.WriteFailing, $"{server.Name} could not write its AOF");
        if (!await IsSoundAsync(link, server, info, shard))
            return (DurabilityState.Rewriting, $"{server.Name} rewrites its AOF after its start");
        if (options.Mode is DurabilityMode.Replicated && info.OnlineReplicas < options.Replicas)
            return (DurabilityState.TooFewReplicas, $"{server.Name} has {info.OnlineReplicas} replicas connected of {options.Replicas}");
        return _memory.Look(info.UsedMemory, info.MaxMemory)
            ? (DurabilityState.Full, $"{server.Name} uses {UsedMemory} octets of {MemoryLimit}")
            : (DurabilityState.Durable, "");
    }

    private async Task ReadSettingsAsync(RedisServer server, RedisInfo info)
    {
        if (_settingsOf == info.RunId && time.GetElapsedTime(_settingsAt) < SettingsAge)
            return;
        _settings = await ServerSettings.ReadAsync(server);
        (_settingsOf, _settingsAt) = (info.RunId, time.GetTimestamp());
    }

    private async Task<bool> IsSoundAsync(RedisLink link, RedisServer server, RedisInfo info, int shard)
    {
        var key = DurabilityKeys.Rewritten(shard);
        switch (_guard.Look(info, _settings, await link.GetAsync(key)))
        {
            case RewriteStep.Safe:
                return true;
            case RewriteStep.Finished:
                // So that a node that starts later knows too; where it cannot be kept, that node asks for another.
                await link.SetAsync(key, info.RunId);
                return true;
            case RewriteStep.Ask:
                await AskAsync(server, info);
                return false;
            case RewriteStep.Wait:
                return false;
            default:
                throw new UnreachableException();
        }
    }

    private async Task AskAsync(RedisServer server, RedisInfo info)
    {
        _guard.Asked(info);
        try
        {
            await server.RewriteAsync();
            logger.RewriteAsked(server.Name);
        }
        catch (RedisTroubleException trouble) when (trouble.Kind is RedisTroubleKind.Denied || IsUnknown(trouble))
        {
            logger.RewriteRefused(server.Name, trouble.Message);
        }
        catch (RedisTroubleException trouble) when (trouble.Kind is RedisTroubleKind.BadReply)
        {
            // Scheduled behind a snapshot, or another node was faster: the next INFO shows it.
        }
    }

    private static bool IsUnknown(RedisTroubleException trouble) =>
        trouble.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase);

    private void SayUnchecked(RedisServer server, DurabilityCheck check)
    {
        var names = string.Join(", ", check.Unchecked);
        if (names.Length > 0 && names != _unchecked)
            logger.Unchecked(server.Name, names);
        _unchecked = names;
    }
}
