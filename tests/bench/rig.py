"""What the benchmarks share: a folder with processes, a Redis, nodes and their configuration, mail that waits, the load, a sink."""
import asyncio, contextlib, http.client, json, os, re, shutil, signal, socket, subprocess, sys, tempfile, threading, time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
NODE = ROOT + "/src/Webcluster.Node/bin/Release/net10.0/webcluster.dll"
BENCH = ROOT + "/tests/Webcluster.Benchmarks/bin/Release/net10.0/Webcluster.Benchmarks.dll"
HERTZ = os.sysconf("SC_CLK_TCK")
PACKAGES = {"smtp-source": "postfix", "smtp-sink": "postfix", "dotnet": "the .NET 10 SDK"}      # others are named like their tool
os.environ["PATH"] += ":/usr/sbin"


def build(*tools):
    """Ends the benchmark where one of the tools it needs is missing."""
    missing = {PACKAGES.get(tool, tool) for tool in ("dotnet", *tools) if not shutil.which(tool)}
    if missing:
        sys.exit(f"bench: install (by Debian's names) {', '.join(sorted(missing))}")
    for project in ("src/Webcluster.Node", "tests/Webcluster.Benchmarks"):
        subprocess.run(["dotnet", "build", "-c", "Release", "-v", "q", "--nologo", ROOT + "/" + project],
                       check=True, stdout=subprocess.DEVNULL)


def figure(name, value):
    print(f"figure {name} {value}")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def wait(what, done, seconds=120, every=0.05):
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            sys.exit(f"bench: {what}: not within {seconds} s")
        time.sleep(every)


class Rig:
    """A folder and the processes of one benchmark; both are gone when it ends. After a fault it prints the end of their log."""

    def __enter__(self):
        self.folder, self._children = tempfile.mkdtemp(prefix="webcluster-bench-"), []
        os.chmod(self.folder, 0o755)
        self._log = open(self.folder + "/log", "a+", errors="replace")
        return self

    def __exit__(self, fault, *_):
        while self._children:
            self.stop(self._children[-1], signal.SIGKILL)
        if fault:
            self._log.seek(0)
            print(*self._log.readlines()[-20:], sep="", end="", file=sys.stderr)
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *command, **more):
        self._children.append(subprocess.Popen(command, **{"stdout": self._log, "stderr": self._log, "cwd": self.folder, **more}))
        return self._children[-1]

    def stop(self, child, how=signal.SIGTERM):
        child.send_signal(how)
        child.wait(60)
        self._children.remove(child)


class Redis:
    """A server that has every write on disk before it answers; rewrites: of its file, when that has grown, as deploy/redis has it."""

    def __init__(self, rig, rewrites=False):
        self.port, self.folder = free_port(), tempfile.mkdtemp(dir=rig.folder)
        self.address = f"127.0.0.1:{self.port}"
        rig.start("redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--dir", self.folder, "--save", "",
                  "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction",
                  "--auto-aof-rewrite-min-size", "1gb", "--auto-aof-rewrite-percentage", "100" if rewrites else "0")
        wait("Redis starts", lambda: answers(self.port))

    def info(self, section):
        return dict(line.split(":", 1) for line in self._ask("info", section).splitlines() if ":" in line)

    def used(self):
        """Processor time, in seconds."""
        info = self.info("cpu")
        return float(info["used_cpu_user"]) + float(info["used_cpu_sys"])

    def settle(self):
        """Lets it finish rehashing a table that has grown: at its usual pace that takes a minute, during which all it does is slower."""
        self._ask("config", "set", "hz", "500")
        time.sleep(10)
        self._ask("config", "set", "hz", "10")

    def _ask(self, *words):
        return subprocess.run(["redis-cli", "-p", str(self.port), *words], check=True, capture_output=True, text=True).stdout


def queue(redis, more=""):
    """Configuration: a node's own queue where there is no Redis."""
    return f'queue: {{ {more}redis: {{ servers: ["{redis.address}"] }} }}' if redis else ""


def routes(ports):
    """Configuration, of a dictionary."""
    return "routes:" + "".join(f'\n  - {{ match: "{match}", hosts: ["127.0.0.1:{port}"], tls: none }}' for match, port in ports.items())


def dkim(rig):
    """Configuration, and the key (RSA-2048)."""
    file = rig.folder + "/dkim.pem"
    subprocess.run(["openssl", "genrsa", "-out", file, "2048"], check=True, capture_output=True)
    return f"dkim:\n  - {{ domain: bench.example, selector: bench, file: {file} }}"


class Node:
    """A node of the real program with a folder of its own; the pieces are what its configuration says besides names and ports."""

    def __init__(self, rig, name, *pieces, listener="tls: none, trusted: [127.0.0.0/8]"):
        self.folder, self.smtp, self.http = f"{rig.folder}/{name}", free_port(), free_port()
        self.config, self.process, self._rig = self.folder + "/webcluster.yaml", None, rig
        os.mkdir(self.folder)
        with open(self.config, "w") as file:
            print(f"""
node: {{ name: {name}.bench.example, state_folder: state }}
log: {{ level: warning }}
http: {{ listen: "127.0.0.1:{self.http}" }}
submission:
  listeners:
    - {{ address: "127.0.0.1:{self.smtp}", {listener} }}""", *pieces, sep="\n", file=file)

    def start(self):
        """Does not wait: see ready."""
        self.process = self._rig.start("dotnet", NODE, "--config", self.config)

    def ready(self):
        wait("a node is ready", lambda: self._is_ready() or self.process.poll() is not None)
        if self.process.poll() is not None:
            sys.exit("bench: a node ended at once")

    def stop(self, how=signal.SIGTERM):
        self._rig.stop(self.process, how)

    def used(self):
        """Processor time, in seconds."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / HERTZ

    def memory(self, kind="Rss"):
        """In MB; Rss, or Pss, which counts only its share of what others map as well."""
        return self._kilobytes("smaps_rollup", kind) / 1024

    def peak(self):
        """The most memory it had, in MB."""
        return self._kilobytes("status", "VmHWM") / 1024

    def metric(self, name):
        """The sum over all labels."""
        lines = self._get("/metrics")[1].splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if re.match(rf"{name}[ {{]", line))

    def _kilobytes(self, file, field):
        with open(f"/proc/{self.process.pid}/{file}") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith(field + ":"))

    def _is_ready(self):
        with contextlib.suppress(OSError):
            return self._get("/readyz")[0] == 200
        return False

    def _get(self, path):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.http, timeout=10)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


def fill(where, count, route, tenant="default", recipient=None):
    """Stores bulk mail for a route, due now; where: --redis ADDRESS, or --folder FOLDER of an embedded queue that nobody has open."""
    subprocess.run(["dotnet", BENCH, "fill", *where, "--waiting", str(count), "--route", route, "--tenant", tenant,
                    "--recipient", recipient or "reader@" + route], check=True)
    os.sync()      # what the kernel has still to write would be in the way of what is measured next


def load(rig, node, sink, **options):
    """Starts the load and, at that port, its sink; it waits for the node. Gives each report as it comes, that of all last."""
    words = [word for name, value in options.items() for word in ("--" + name.strip("_").replace("_", "-"), str(value))]
    return _reports(rig.start("dotnet", BENCH, "latency", "--smtp", f"127.0.0.1:{node.smtp}", "--port", str(sink), *words,
                              stdout=subprocess.PIPE, text=True))


def _reports(child):
    with child.stdout:
        yield from map(json.loads, child.stdout)
    if child.wait():
        sys.exit("bench: the load has failed")


class Sink:
    """A server, in a thread of its own, that takes everything, each mail after a delay; remembers when each recipient was first named."""

    def __init__(self, delay=0.0):
        self.taken, self.connected, self.seen, self._delay = 0, 0, {}, delay
        loop = asyncio.new_event_loop()
        server = loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1000))
        self.port = server.sockets[0].getsockname()[1]
        threading.Thread(target=loop.run_forever, daemon=True).start()

    async def _serve(self, reader, writer):
        self.connected += 1
        try:
            writer.write(b"220 sink\r\n")
            while line := (await reader.readline()).strip():
                verb = line[:4].upper()
                if verb == b"RCPT":
                    self.seen.setdefault(line[line.index(b"<") + 1:line.index(b">")].decode(), time.monotonic())
                if verb == b"DATA":
                    writer.write(b"354 go on\r\n")
                    await reader.readuntil(b"\r\n.\r\n")
                    await asyncio.sleep(self._delay)
                    self.taken += 1
                writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        self.connected -= 1
        writer.close()
