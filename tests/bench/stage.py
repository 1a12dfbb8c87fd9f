"""What the benchmarks of a running node start, ask and stop: a Redis, a node, the load, in a folder that goes with them."""
import contextlib, http.client, json, os, re, shutil, signal, socket, subprocess, sys, tempfile, time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
NODE = ROOT + "/src/Webcluster.Node/bin/Release/net10.0/webcluster.dll"
BENCH = ROOT + "/tests/Webcluster.Benchmarks/bin/Release/net10.0/Webcluster.Benchmarks.dll"
TICKS = os.sysconf("SC_CLK_TCK")


def build():
    for tool in ("redis-server", "openssl", "dotnet"):
        if not shutil.which(tool):
            sys.exit(f"bench: {tool} is missing: install Debian's package redis-server or openssl, or the .NET 10 SDK")
    for project in ("src/Webcluster.Node", "tests/Webcluster.Benchmarks"):
        subprocess.run(["dotnet", "build", "-c", "Release", "-v", "q", ROOT + "/" + project], check=True, stdout=subprocess.DEVNULL)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def figure(name, value):
    print(f"figure {name} {value}")


class Stage(contextlib.AbstractContextManager):
    """Everything started on it is killed at its end, the last first."""

    def __init__(self):
        self.folder, self.children = tempfile.mkdtemp(prefix="webcluster-bench-"), []
        self.log = open(self.folder + "/log", "w")

    def __exit__(self, kind, fault, trace):
        for child in reversed(self.children):
            self.stop(child, signal.SIGKILL)
        if kind:
            print(*open(self.folder + "/log").readlines()[-20:], sep="", file=sys.stderr)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *command, **more):
        self.children.append(subprocess.Popen(command, **{"stdout": self.log, "stderr": self.log, "cwd": self.folder, **more}))
        return self.children[-1]

    def stop(self, child, how=signal.SIGTERM):
        child.send_signal(how)
        child.wait(60)
        if child in self.children:
            self.children.remove(child)

    def redis(self, *more):
        """A Redis that syncs each write."""
        port = free_port()
        folder = tempfile.mkdtemp(dir=self.folder)
        child = self.start("redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", folder, "--save", "", "--appendonly", "yes",
                           "--appendfsync", "always", "--maxmemory-policy", "noeviction", *more)
        return Redis(child, port, folder)

    def node(self, sink, redis=None, more=""):
        """A node with a DKIM key (RSA-2048) that sends everything to the sink; its own queue where no Redis is given. To be started."""
        smtp, http, folder = free_port(), free_port(), tempfile.mkdtemp(dir=self.folder)
        subprocess.run(["openssl", "genrsa", "-out", folder + "/dkim.pem", "2048"], check=True, capture_output=True)
        with open(folder + "/webcluster.yaml", "w") as file:
            file.write(f"""
node: {{ name: node.bench.example, state_folder: state }}
log: {{ level: warning }}
http: {{ listen: "127.0.0.1:{http}" }}
submission:
  listeners:
    - {{ address: "127.0.0.1:{smtp}", tls: none, trusted: [127.0.0.0/8] }}
routes:
  - {{ match: "*", hosts: ["127.0.0.1:{sink}"], tls: none }}
dkim:
  - {{ domain: bench.example, selector: bench, file: dkim.pem }}
""")
            if redis:
                file.write(f'queue: {{ redis: {{ servers: ["127.0.0.1:{redis.port}"] }} }}\n')
            file.write(more)
        return Node(self, smtp, http, folder)

    def latency(self, node, sink, **options):
        """Starts the load and its sink, which wait for the node; gives each report as it comes, that of all last."""
        words = [word for name, value in options.items() if value is not None for word in ("--" + name.replace("_", "-"), str(value))]
        child = self.start("dotnet", BENCH, "latency", "--smtp", f"127.0.0.1:{node.smtp}", "--port", str(sink), *words,
                           stdout=subprocess.PIPE, text=True)
        return self.reports(child)

    def reports(self, child):
        for line in child.stdout:
            yield json.loads(line)
        if child.wait():
            raise RuntimeError("the load has failed")
        self.children.remove(child)


class Redis:
    def __init__(self, child, port, folder):
        self.child, self.port, self.folder = child, port, folder

    def info(self, section, field):
        answer = subprocess.run(["redis-cli", "-p", str(self.port), "info", section], check=True, capture_output=True, text=True).stdout
        return int(re.search(rf"^{field}:(\d+)", answer, re.MULTILINE)[1])


class Node:
    def __init__(self, scene, smtp, http, folder):
        self.scene, self.smtp, self.http, self.folder, self.child = scene, smtp, http, folder, None

    def start(self):
        """Until it is ready."""
        self.child = self.scene.start("dotnet", NODE, "--config", self.folder + "/webcluster.yaml", cwd=self.folder)
        for _ in range(1200):
            with contextlib.suppress(OSError):
                if self.get("/readyz")[0] == 200:
                    return self
            if self.child.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError("the node is not ready")

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def metric(self, name):
        """The sum over all labels."""
        lines = self.get("/metrics")[1].splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if re.match(rf"{name}[ {{]", line))

    def cpu(self):
        """Seconds of processor time so far."""
        fields = open(f"/proc/{self.child.pid}/stat").read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self, kind="Rss"):
        """MB of memory: Rss, or Pss, which counts only its share of what others map as well."""
        rollup = open(f"/proc/{self.child.pid}/smaps_rollup").read()
        return int(re.search(rf"^{kind}: +(\d+) kB", rollup, re.MULTILINE)[1]) / 1024
