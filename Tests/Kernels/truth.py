"""Holds what the tool said between two tellings of the truth against both."""
import json

from reading import ask, document, read

# An age is counted in the kernel's ticks of 4 ms, and asking takes its time.
TICKS_MS = 12


class Truth:
    """The sockets of the server in there, and every place where the tool speaks of them."""

    def __init__(self, answers):
        self.answers = answers
        self.folder = answers.out / "truth"

    def judge(self):
        answers = self.answers
        for name in ("list.json", "listen.json", "counters.json", "recording.output"):
            if read(self.folder / f"{name}.status").strip() != "0":
                answers.wrong("sockets", f"{name}: {read(self.folder / f'{name}.errors')}")
        self.judge_list("list", document(self.folder / "list.json"), "list.json")
        self.judge_listen("listen", document(self.folder / "listen.json"), "listen.json")
        self.judge_counters(document(self.folder / "counters.json"))
        self.judge_replayed(str(self.folder / "recording"))

    def judge_replayed(self, recording):
        """What is said here of the recording that was made between two tellings."""
        replayed = ask(["list", "--json", "-an", "-A", "all", "--from", recording]).stdout
        self.judge_list("replayed list", json.loads(replayed or "null"), "recording.output")
        replayed = ask(["listen", "--json", "--from", recording]).stdout
        self.judge_listen("replayed listen", json.loads(replayed or "null"), "recording.output")

    def tellings(self, name):
        before, after = (document(self.folder / f"{name}.{each}") for each in ("before", "after"))
        if before is None or after is None:
            why = read(self.folder.parent / "truth.errors")
            self.answers.wrong("sockets", f"{name}: the truth is not told: {why}")
            return []
        return list(zip(before["sockets"], after["sockets"]))

    def judge_list(self, what, said, name):
        if said is None:
            return self.answers.wrong("sockets", f"{what}: no JSON")
        for before, after in self.tellings(name):
            row = found(said["sockets"], before)
            label = f"{what}, {before['kind']}"
            if row is None:
                self.answers.wrong("sockets", f"{label}: not there: {before}")
                continue
            self.judge_socket(label, row, before, after)

    def judge_socket(self, label, row, before, after):
        answers = self.answers
        answers.equal("sockets", f"{label}, state", row["state"], before["state"])
        for end in ("local", "peer"):
            if end in before:
                name = (row.get(end, {}).get("address"), row.get(end, {}).get("port"))
                true = (before[end], before[f"{end}_port"])
                answers.equal("sockets", f"{label}, {end}", name, true)
        # ss and we show a raw socket's protocol where others have their port.
        protocol = row.get("protocol", row.get("local", {}).get("port"))
        for key, said in {
            "mark": row.get("mark"), "tos": row.get("tos"), "shutdown": row.get("shutdown"),
            "congestion": row.get("congestion"), "v6only": row.get("v6only"),
            "upper_layer": row.get("ulp"), "protocol": protocol,
        }.items():
            if key in before:
                answers.unknown_or("sockets", f"{label}, {key}", said, before[key])
        if before["kind"] == "queued":
            answers.unknown_or("queues", f"{label}, queued", row.get("queued"), True)
        for key in ("recv_q", "send_q"):
            if key in before and before[key] == after[key]:
                answers.equal("queues", f"{label}, {key}", row.get(key), before[key])
        if before.get("datagrams"):
            answers.within("queues", f"{label}, recv_q", row.get("recv_q"), 1, 1 << 20)
        if before["state"] == "LISTEN":
            self.judge_length(f"{label}, recv_q", row.get("recv_q"), before)
            answers.unknown_or("queues", f"{label}, send_q", row.get("send_q"), before["limit"])
        tcp = row.get("tcp", {})
        for key, said in {
            "waiting_ms": row.get("age_ms"), "sent_ms": tcp.get("last_data_sent_ms"),
            "received_ms": tcp.get("last_data_recv_ms"),
        }.items():
            if key in before:
                answers.within("ages", f"{label}, {key}", said, before[key], after[key], TICKS_MS)
        if "drops" in before:
            said = row.get("memory", {}).get("drops", row.get("drops"))
            answers.within("drops", label, said, before["drops"], after["drops"])

    def judge_length(self, label, said, before):
        """/proc has the length of TCP's queues, not of unix listeners'."""
        judge = self.answers.equal if before["netid"] == "tcp" else self.answers.unknown_or
        judge("queues", label, said, before["waiting"])

    def judge_listen(self, what, said, name):
        if said is None:
            return self.answers.wrong("sockets", f"{what}: no JSON")
        answers = self.answers
        for before, after in self.tellings(name):
            if before["state"] != "LISTEN":
                continue
            label = f"{what}, {before['kind']}"
            row = found(said["listeners"], before)
            if row is None:
                answers.wrong("sockets", f"{label}: not there: {before}")
                continue
            queue = row["accept_queue"]
            full = before["waiting"] > before["limit"]
            self.judge_length(f"{label}, length", queue.get("length"), before)
            answers.unknown_or("queues", f"{label}, limit", queue.get("limit"), before["limit"])
            answers.unknown_or("queues", f"{label}, full", queue.get("full"), full)
            if "abandoned" in before:
                said_of_it = queue.get("abandoned")
                answers.equal("queues", f"{label}, abandoned", said_of_it, before["abandoned"])
            if "oldest_ms" in before:
                answers.within("ages", f"{label}, oldest", queue.get("oldest_ms"),
                               before["oldest_ms"], after["oldest_ms"], TICKS_MS)
            if "drops" in before:
                answers.within("drops", label, row.get("drops"), before["drops"], after["drops"])

    def judge_counters(self, said):
        """Only the full listener has dropped anything since the kernel was booted."""
        if said is None:
            return self.answers.wrong("drops", "counters: no JSON")
        pairs = [pair for pair in self.tellings("counters.json") if pair[0]["kind"] == "full"]
        for before, after in pairs:
            for name in ("TcpExtListenOverflows", "TcpExtListenDrops"):
                values = [each["value"] for each in said["counters"] if each["name"] == name]
                if len(values) != 1:
                    self.answers.wrong("drops", f"{name}: {values}")
                else:
                    self.answers.within("drops", name, values[0], before["drops"], after["drops"])


def found(sockets, true):
    """The row of a socket, by its inode, or by its ends when it has none."""
    if true.get("inode"):
        return next((row for row in sockets if row.get("inode") == true["inode"]), None)
    ends = (true["local"], true["local_port"], true["peer"], true["peer_port"])
    for row in sockets:
        local, peer = row.get("local", {}), row.get("peer", {})
        if ends == (local.get("address"), local.get("port"), peer.get("address"), peer.get("port")):
            return row
    return None
