"""What the benchmarks in this folder share: processes that end with the benchmark, a Redis, nodes, a sink, mail that waits."""
import asyncio, contextlib, os, shutil, signal, socket, subprocess, sys, tempfile, threading, time, urllib.request

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
NODE = ROOT + "/src/Webcluster.Node/bin/Release/net10.0/webcluster.dll"
BENCH = ROOT + "/tests/Webcluster.Benchmarks/bin/Release/net10.0/Webcluster.Benchmarks.dll"
HERTZ = os.sysconf("SC_CLK_TCK")
os.environ["PATH"] += ":/usr/sbin"


def need(*tools):
    """Ends the benchmark where one is missing; those of Postfix are smtp-source and smtp-sink, any other's package is named like it."""
    missing = {"postfix" if tool.startswith("smtp-") else tool for tool in tools if not shutil.which(tool)}
    if missing:
        sys.exit(f"bench: install Debian's packages {' '.join(sorted(missing))}")


def build():
    for project in ("src/Webcluster.Node", "tests/Webcluster.Benchmarks"):
        subprocess.run(["dotnet", "build", "-c", "Release", "-v", "q", "--nologo", ROOT + "/" + project],
                       check=True, stdout=subprocess.DEVNULL)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait(what, done, seconds=120, every=0.05):
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            sys.exit(f"bench: {what}: not within {seconds} s")
        time.sleep(every)


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def machine():
    """Processor time that everything on this machine has used, in seconds."""
    with open("/proc/stat") as file:
        user, nice, system, idle, iowait, irq, softirq, *_ = map(int, file.readline().split()[1:])
    return (user + nice + system + irq + softirq) / HERTZ


class Rig:
    """A folder and the processes of one benchmark; both are gone when it ends."""

    def __enter__(self):
        self.folder, self._children = tempfile.mkdtemp(), []
        os.chmod(self.folder, 0o755)
        return self

    def __exit__(self, *_):
        for child in reversed(self._children):
            child.kill()
            child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *command, output="log"):
        with open(f"{self.folder}/{output}", "a") as file:
            child = subprocess.Popen(command, stdout=file, stderr=file, cwd=self.folder)
        self._children.append(child)
        return child

    def log(self, lines=20):
        with open(self.folder + "/log") as file:
            return "".join(file.readlines()[-lines:])


class Redis:
    """A server that has every write on disk before it answers. It does not write its file anew while something is measured."""

    def __init__(self, rig):
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        rig.start("redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--dir", rig.folder, "--save", "", "--appendonly", "yes",
                  "--appendfsync", "always", "--maxmemory-policy", "noeviction", "--auto-aof-rewrite-percentage", "0")
        wait("Redis starts", lambda: answers(self.port))

    def ask(self, *words):
        return subprocess.run(["redis-cli", "-p", str(self.port), *words], check=True, capture_output=True, text=True).stdout

    def used(self):
        """Processor time, in seconds."""
        lines = dict(line.split(":", 1) for line in self.ask("info", "cpu").split() if ":" in line)
        return float(lines["used_cpu_user"]) + float(lines["used_cpu_sys"])

    def settle(self):
        """Lets it finish rehashing a table that has grown: at its usual pace that takes a minute, during which all it does is slower."""
        self.ask("config", "set", "hz", "500")
        time.sleep(10)
        self.ask("config", "set", "hz", "10")


class Node:
    """A node of the real program with a folder of its own; more is what its configuration says besides names and ports."""

    def __init__(self, rig, name, more, listener="tls: none, trusted: [127.0.0.0/8]"):
        self.rig, self.folder, self.smtp, self.http = rig, f"{rig.folder}/{name}", free_port(), free_port()
        self.config, self.process = self.folder + "/webcluster.yaml", None
        os.mkdir(self.folder)
        with open(self.config, "w") as file:
            file.write(f"""
node: {{ name: {name}.bench.example, state_folder: state }}
log: {{ level: warning }}
http: {{ listen: "127.0.0.1:{self.http}" }}
submission:
  listeners:
    - {{ address: "127.0.0.1:{self.smtp}", {listener} }}
{more}""")

    def start(self):
        """Does not wait: see ready."""
        self.process = self.rig.start("dotnet", NODE, "--config", self.config)

    def ready(self):
        wait("a node is ready", lambda: self._is_ready() or self.process.poll() is not None)
        if self.process.poll() is not None:
            sys.exit("bench: a node ended at once:\n" + self.rig.log())

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait()

    def used(self):
        """Processor time, in seconds."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / HERTZ

    def peak(self):
        """The most memory it had, in MB."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024

    def _is_ready(self):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.http}/readyz", timeout=5):
            return True
        return False


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


def fill(where, count, route, tenant="default", recipient=None):
    """Stores bulk mail for a route, due now; where: --redis ADDRESS, or --folder FOLDER of an embedded queue that nobody has open."""
    subprocess.run(["dotnet", BENCH, "fill", *where, "--waiting", str(count), "--route", route, "--tenant", tenant,
                    "--recipient", recipient or "reader@" + route], check=True)
    os.sync()      # what the kernel has still to write would be in the way of what is measured next
