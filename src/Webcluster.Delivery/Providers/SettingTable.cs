using Webcluster.Queue.Traffic;

namespace Webcluster.Delivery.Providers;

/// <summary>The values in force, each as the last one said it.</summary>
internal sealed class SettingTable
{
    private readonly OrderedDictionary<string, Setting> _settings = new(StringComparer.Ordinal);

    public IReadOnlyList<Setting> All => [.. _settings.Values];

    public void Put(Setting setting) => _settings[setting.Path] = setting;

    public void Put(IEnumerable<Setting> settings)
    {
        foreach (var setting in settings) Put(setting);
    }

    /// <summary>Puts it for all sources together, unless the key is limited for them or for each.</summary>
    public void PutUnlessLimited(string key, int value, string origin)
    {
        if (_settings.ContainsKey(Setting.PathOf(LimitScope.Source, key))) return;
        _settings.TryAdd(Setting.PathOf(LimitScope.Provider, key), new Setting(LimitScope.Provider, key, value, origin));
    }

    /// <summary>The default of <typeparamref name="T"/> where nothing is said.</summary>
    public T? Value<T>(LimitScope scope, string key) =>
        _settings.TryGetValue(Setting.PathOf(scope, key), out var setting) ? (T)setting.Value : default;

    public TrafficLimits Limits(LimitScope scope) => new()
    {
        Connections = Value<int?>(scope, Setting.Connections),
        MessagesPerConnection = Value<int?>(scope, Setting.MessagesPerConnection),
        Messages = Value<Rate?>(scope, Setting.Messages),
        ConnectionRate = Value<Rate?>(scope, Setting.ConnectionRate),
        Octets = Value<Rate?>(scope, Setting.Bytes),
        FirstAttempts = Value<Rate?>(scope, Setting.FirstAttempts),
    };
}
