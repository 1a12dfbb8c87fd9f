using System.Net;

namespace Webcluster.Node.Simulator;

/// <summary>A built-in mail server that plays the Internet: it takes everything and obeys the local part. See docs/simulator.md.</summary>
public sealed class SimulatorOptions
{
    /// <summary>Run it. Default false; true where there is no configuration file.</summary>
    public bool Enabled { get; set; }

    /// <summary>Address and port it listens on; a loopback address. Default 127.0.0.1:2525.</summary>
    public string Listen { get; set; } = "127.0.0.1:2525";

    /// <summary>
    /// Mail that no route takes goes to the simulator, not to the Internet: that for "tls-broken.test", or another fault's name, to the
    /// listener with that fault. Default false; true where there is no configuration file.
    /// </summary>
    public bool CatchAll { get; set; }

    /// <summary>Further listeners that go wrong before any recipient is named.</summary>
    public List<SimulatorFaultOptions> Faults { get; set; } = [];

    /// <summary>Messages it keeps for viewing, the oldest go first; with all their octets at most 64MiB. Default 1000.</summary>
    public int Keep { get; set; } = 1000;

    /// <summary>Where each fault listens.</summary>
    internal IEnumerable<(IPEndPoint Address, SimulatorFaultOptions Fault)> FaultListeners()
    {
        var main = Endpoints.Parse(Listen);
        return Faults.Select((fault, index) =>
            (fault.Listen.Length > 0 ? Endpoints.Parse(fault.Listen) : new IPEndPoint(main.Address, main.Port + 1 + index), fault));
    }

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (!Endpoints.TryParseLoopback(Listen, out var main)) yield return ("listen", Endpoints.LoopbackExpected(Listen));
        else if (main.Port + Faults.Count > ushort.MaxValue) yield return ("listen", "leaves no ports above it for the faults");
        if (CatchAll && !Enabled) yield return ("catch_all", "needs enabled: true");
        if (Keep is < 1 or > 100_000) yield return ("keep", "must be 1 to 100000");
        for (var i = 0; i < Faults.Count; i++)
        {
            if (Faults[i].Listen.Length > 0 && !Endpoints.TryParseLoopback(Faults[i].Listen, out _))
                yield return ($"faults[{i}].listen", Endpoints.LoopbackExpected(Faults[i].Listen));
            if (Faults[i].Delay < TimeSpan.Zero || Faults[i].Delay > BehaviourTable.LongestDelay)
                yield return ($"faults[{i}].delay", "must be 0s to 10m");
        }
    }
}

/// <summary>One listener of the simulator that goes wrong.</summary>
public sealed class SimulatorFaultOptions
{
    /// <summary>A loopback address and port. Default: those of the simulator, the port one higher for the first fault, and so on.</summary>
    public string Listen { get; set; } = "";

    /// <summary>What goes wrong. Default tls-broken.</summary>
    public ConnectionFault Fault { get; set; } = ConnectionFault.TlsBroken;

    /// <summary>How long the slow faults wait. Default 30s.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>What goes wrong on a connection before any recipient is named.</summary>
public enum ConnectionFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>STARTTLS is offered and answered 220; what follows is no TLS.</summary>
    TlsBroken,

    /// <summary>STARTTLS is not offered.</summary>
    TlsAbsent,

    /// <summary>The greeting comes late.</summary>
    SlowBanner,

    /// <summary>The reply to EHLO comes late.</summary>
    SlowHello,

    /// <summary>The greeting is 421 4.7.0, then the connection is closed.</summary>
    Busy,

    /// <summary>The greeting is 554 5.7.1, then the connection is closed.</summary>
    Refused,

    /// <summary>The connection is closed without a greeting.</summary>
    Drop,
}
