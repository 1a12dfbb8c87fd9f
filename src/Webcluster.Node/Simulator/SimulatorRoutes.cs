using System.Text.Json;
using RouteOptions = Webcluster.Delivery.Routing.RouteOptions;

namespace Webcluster.Node.Simulator;

/// <summary>The routes that bring all mail to the simulator; they stand behind the configured ones.</summary>
internal static class SimulatorRoutes
{
    public static IEnumerable<RouteOptions> For(SimulatorOptions options)
    {
        if (!options.CatchAll) yield break;
        foreach (var (address, fault) in options.FaultListeners())
            yield return new RouteOptions { Match = DomainOf(fault.Fault), Hosts = [address.ToString()] };
        yield return new RouteOptions { Match = "*", Hosts = [options.Listen] };
    }

    // rfc2606#2: .test belongs to nobody.
    private static string DomainOf(ConnectionFault fault) => JsonNamingPolicy.KebabCaseLower.ConvertName(fault.ToString()) + ".test";
}
