"""The servers that are compared, each started with a directory of its own, and the CPU time each has used."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def find(program):
    path = shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin:/usr/lib/postfix/sbin")
    if path is None:
        raise SystemExit(f"{program} is not installed: eng/packages.sh installs what is needed")
    return path


def read_stat(pid):
    """Parent, and seconds of CPU: its own and those of its children that ended."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(fields[1]), sum(int(field) for field in fields[11:15]) / TICKS


class Server:
    """A process and all that descend from it."""

    def __init__(self, name, command, port, log, environment=None):
        self.name, self.port, self.log = name, port, log
        with open(log, "wb") as output:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env={**os.environ, **(environment or {})})
        if port:
            self._wait()

    def _wait(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} ended with status {self.process.returncode}:\n{pathlib.Path(self.log).read_text()}")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    if connection.recv(3) == b"220":
                        return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"{self.name} does not greet on port {self.port}")

    def cpu(self):
        """Seconds of CPU so far, over all its processes, those that ended too (their parents have waited for them)."""
        stats = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit() and (stat := read_stat(int(entry))):
                stats[int(entry)] = stat
        total, family = 0.0, [self.process.pid]
        while family:
            pid = family.pop()
            if pid in stats:
                total += stats[pid][1]
            family += [child for child, (parent, _) in stats.items() if parent == pid]
        return total

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class SilentPeer:
    """A next hop that takes connections and never greets: what is routed there stays queued and costs nothing more."""

    def __init__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(4096)
        self.port = self.socket.getsockname()[1]

    def stop(self):
        self.socket.close()


class Sink(Server):
    """Postfix's smtp-sink, which counts the messages it has taken."""

    def __init__(self, directory):
        port = free_port()
        super().__init__("smtp-sink", [find("smtp-sink"), "-u", "root", "-c", f"127.0.0.1:{port}", "1024"], port, directory / f"sink-{port}.log")

    def messages(self):
        with open(self.log, "rb") as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(0, log.tell() - 256))
            tail = log.read()
        counted = [word for word in tail.replace(b"\r", b" ").split() if word.startswith(b"mesg=")]
        return int(counted[-1][5:]) if counted else 0


def start_postfix(directory, relay_port):
    """Postfix by bench/peers/postfix; with no relay_port it holds what it receives."""
    directory.mkdir(mode=0o755)
    queues = "active bounce corrupt defer deferred flush hold incoming maildrop private public saved trace".split()
    for name in [f"queue/{queue}" for queue in queues] + ["data", "queue/pid", "conf"]:
        (directory / name).mkdir(parents=True)
    for name in [f"queue/{queue}" for queue in queues] + ["data"]:
        shutil.chown(directory / name, "postfix")
    port = free_port()
    fill = {
        "@DIRECTORY@": str(directory),
        "@PORT@": str(port),
        "@RELAY@": f"[127.0.0.1]:{relay_port}" if relay_port else "",
        "@HOLD@": "" if relay_port else "check_client_access static:HOLD",
    }
    for file in ("main.cf", "master.cf"):
        text = (HERE / "postfix" / file).read_text()
        for name, value in fill.items():
            text = text.replace(name, value)
        (directory / "conf" / file).write_text(text)
    return Server("Postfix", [find("master"), "-c", str(directory / "conf"), "-s"], port, directory / "output")


def start_pillarbox(directory, relay_port):
    """./pillarbox by bench/peers/pillarbox.toml; what it receives goes to relay_port."""
    directory.mkdir()
    port = free_port()
    text = (HERE / "pillarbox.toml").read_text()
    for name, value in {"@DIRECTORY@": str(directory), "@PORT@": str(port), "@RELAY@": str(relay_port), "@CONSOLE@": str(free_port())}.items():
        text = text.replace(name, value)
    (directory / "pillarbox.toml").write_text(text)
    return Server("Pillarbox", [str(ROOT / "pillarbox"), "serve", "--config", str(directory / "pillarbox.toml")], port, directory / "output")
