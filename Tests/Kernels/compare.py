#!/usr/bin/env python3
"""Judges what scripts/check-kernels brought back from each kernel, and prints the table.

    compare.py [--keep] FOLDER...
    compare.py --fixture RECORDING TRUTH

FOLDER/with/out and FOLDER/without/out have the answers; SOCKINSPECT names the program that replays
the recordings here. Exits with 1 when something is wrong. With --keep the recordings go to
Tests/Fixtures/Kernels and Tests/Recordings; with --fixture one of these is judged again.
"""
import json, re, sys
from collections import Counter
from pathlib import Path

from kept import keep, short_name
from reading import ask, document, read
from truth import Truth

CHECKS = ["ss", "sockets", "queues", "ages", "drops", "scenarios", "replay"]
# Findings that take sock_diag, beside the full queue whose limit only that knows.
OUT_OF_SIGHT = {
    "upstream-chain": {"lock-wait"},  # ages: whose turn it is between the two servers
    "unix-backlog": {"unix-backlog-full", "server-blocked"},  # limit and ages of the queue
}


class Answers:
    """What one kernel said: the faults of each check."""

    def __init__(self, folder, with_modules):
        self.out = folder / "out"
        self.with_modules = with_modules
        self.faults = {check: [] for check in CHECKS}

    def wrong(self, check, what):
        self.faults[check].append(what)

    def equal(self, check, what, said, true):
        if said != true:
            self.wrong(check, f"{what}: it says {said}, true is {true}")

    def unknown_or(self, check, what, said, true):
        """Without the modules a fact may be missing; with them it must not; it is never wrong."""
        if said is not None or self.with_modules:
            self.equal(check, what, said, true)

    def within(self, check, what, said, least, most, slack=0):
        if said is None:
            if self.with_modules:
                self.wrong(check, f"{what}: it does not say, true is {least} to {most}")
        elif not least - slack <= said <= most + slack:
            self.wrong(check, f"{what}: it says {said}, true is {least} to {most}")

    def judge(self):
        if not (self.out / "release").exists():
            self.wrong("ss", "the boot did not come to its end")
            return
        self.judge_ss()
        Truth(self).judge()
        self.judge_scenarios()
        self.judge_replay()

    # --- beside ss ----------------------------------------------------------------------------

    def judge_ss(self):
        firsts = sorted((self.out / "ss").glob("*.1.before"))
        if not firsts:
            self.wrong("ss", "nothing was compared")
        for first in firsts:
            letters = first.name.split(".")[0]
            tries = [self.differences(letters, number) for number in (1, 2, 3)]
            tries = [each for each in tries if each is not None]
            if not any(len(each) == 0 for each in tries):
                self.wrong("ss", f"{letters}: " + "\n        ".join([""] + tries[-1][:12]))

    def differences(self, letters, number):
        """A row that ss shows before and after must be there, one that it never shows must not."""
        at = self.out / "ss" / f"{letters}.{number}"
        if not Path(f"{at}.after").exists():
            return None
        before, ours, after = (
            self.comparable(rows(Path(f"{at}.{each}"))) for each in ("before", "ours", "after"))
        found = [f"- {row}" for row in ((before & after) - ours).elements()]
        found += [f"+ {row}" for row in (ours - (before | after)).elements()]
        if read(Path(f"{at}.status")).strip() != "0":
            found.append(f"status {read(Path(f'{at}.status'))} {read(Path(f'{at}.errors'))}")
        if not ours:
            found.append("no rows")
        return sorted(found, key=lambda row: row[2:])

    def comparable(self, rows):
        """Without the modules ss shows 0 for a queue that /proc does not tell, and we show that it
        is not known; of a unix socket ss cuts the path at a space, and takes one state for another,
        so only type and inode remain."""
        if self.with_modules:
            return rows
        found = Counter()
        for row, count in rows.items():
            words = row.split(" ")
            at = 1 if words[0].startswith(("p_", "u_")) else 0
            if words[0].startswith("u_"):
                inode = next((word for word in words[5:] if word.isdigit()), "")
                row = f"{words[0]} {inode}"
            else:
                row = " ".join(words[:at + 1] + [
                    "0" if word == "-" else word for word in words[at + 1:at + 3]] + words[at + 3:])
            found[row] += count
        return found

    # --- scenarios ----------------------------------------------------------------------------

    def judge_scenarios(self):
        names = [path.stem for path in sorted((self.out / "scenarios").glob("*.ready"))]
        if not names:
            self.wrong("scenarios", "none was made")
        for name in names:
            self.judge_scenario(name)

    def judge_scenario(self, name):
        at = self.out / "scenarios" / name
        ready = read(Path(f"{at}.ready"))
        if not ready.startswith("ready {"):
            why = read(Path(f"{at}.errors"))
            return self.wrong("scenarios", f"{name} was not made: {ready}{why}")
        ready = json.loads(ready[6:])
        answer = document(Path(f"{at}.json"))
        if answer is None:
            why = read(Path(f"{at}.diagnose-errors"))
            return self.wrong("scenarios", f"{name}: no answer: {why}")
        found = {each["id"]: each["severity"] for each in answer["findings"]}
        missing = sorted(set(ready["expects"]) - set(found) - self.out_of_sight(name))
        if missing:
            self.wrong("scenarios", f"{name}: does not find {missing}: {answer['verdict']}")
        wanted = ready["expects"] + ready["allows"]
        if not self.with_modules:
            wanted.append("accept-queue-filling")  # of a queue whose limit is not known
        for each in answer["findings"]:
            if each["id"] not in wanted and each["severity"] != "notice":
                self.wrong("scenarios", f"{name}: finds {each['id']}: {each['title']}")
        status = read(Path(f"{at}.status")).strip()
        right = str(right_status(found.values()))
        if name in OUT_OF_SIGHT and not self.with_modules and not found:
            right = "3"  # connections wait, and nothing tells for how long
        self.equal("scenarios", f"{name}, exit status", status, right)
        self.judge_again(name, at, ready["target"])

    def out_of_sight(self, name):
        """What /proc alone cannot show: the limit of a queue, and whose turn it is."""
        return set() if self.with_modules else {"accept-queue-full"} | OUT_OF_SIGHT.get(name, set())

    def judge_again(self, name, at, target):
        """The recording of the diagnosis, there and here."""
        there = read(Path(f"{at}.again"))
        if without_time(there) != without_time(read(Path(f"{at}.json"))):
            self.wrong("replay", f"{name}: diagnose --from said something else there")
        words = ["diagnose", "--json", "--all", "--from", f"{at}.recording", target]
        self.same_here(name, words, there, read(Path(f"{at}.again-status")))

    # --- recordings ---------------------------------------------------------------------------

    def judge_replay(self):
        here = self.out / "replay"
        recording = str(here / "recording")
        if read(here / "record.status").strip() != "0":
            self.wrong("replay", f"record: {read(here / 'record.output')}")
        for name, words in {
            "list": ["list", "--json", "-an", "-A", "all"],
            "text": ["-OHanpoiem", "-A", "all"],
            "listen": ["listen", "--json"],
            "counters": ["counters", "--json"],
            "diagnose": ["diagnose", "--json", "--all"],
        }.items():
            there, status = read(here / name), read(here / f"{name}.status")
            if len(there) < 100:
                self.wrong("replay", f"{name}: nothing was said there")
            self.same_here(name, words + ["--from", recording], there, status)

    def same_here(self, name, words, there, status):
        here = ask(words)
        if here.stdout != there:
            self.wrong("replay", f"{name}: differs here: {first_difference(there, here.stdout)}")
        self.equal("replay", f"{name}, exit status here", str(here.returncode), status.strip())


def first_difference(there, here):
    for one, other in zip(there.split("\n"), here.split("\n")):
        if one != other:
            place = next((i for i, (a, b) in enumerate(zip(one, other)) if a != b), 0)
            near = slice(max(0, place - 40), place + 40)
            return f"…{one[near]}… and here …{other[near]}…"
    return "one is longer"


def without_time(text):
    return re.sub(r'"time":"[^"]*"', "", text)


def right_status(severities):
    return 2 if "critical" in severities else 1 if "warning" in severities else 0


RUNNING = re.compile(r"^(lastsnd:|lastrcv:|lastack:|busy:|rwnd_limited:|sndbuf_limited:)\S*$")


def stilled(word):
    return re.sub(r"^(timer:\([^,]*,)[^,]*", r"\1…", RUNNING.sub(r"\1…", word))


def rows(path):
    """Rows with white space and what runs with time put aside."""
    lines = read(path).split("\n")
    return Counter(
        " ".join(map(stilled, line.split()))
        for line in lines if line and not line.startswith("nl "))


def judge_fixture(recording, truth):
    """What list and listen say of one recording that was kept."""
    answers = Answers(Path(recording).parent, Path(recording).stem.endswith("-with"))
    telling = json.loads(read(Path(truth)))
    judge = Truth(answers)
    judge.tellings = lambda name: list(zip(telling["before"], telling["after"]))
    judge.judge_replayed(recording)
    return [f"{check}: {fault}" for check, faults in answers.faults.items() for fault in faults]


def main():
    if sys.argv[1] == "--fixture":
        faults = judge_fixture(*sys.argv[2:])
        print("\n".join(faults) or "ok")
        sys.exit(1 if faults else 0)
    keeping = sys.argv[1] == "--keep"
    table, details = [["kernel", "modules"] + CHECKS], []
    for folder in map(Path, sys.argv[2 if keeping else 1:]):
        for modules in ("with", "without"):
            answers = Answers(folder / modules, modules == "with")
            answers.judge()
            if keeping:
                keep(answers, short_name(folder, modules))
            cells = [f"{len(each)} wrong" if each else "ok" for each in answers.faults.values()]
            table.append([folder.name, modules] + cells)
            for check, faults in answers.faults.items():
                details += [f"{folder.name}, {modules}: {check}: {fault}" for fault in faults]
    for line in details:
        print(line)
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    sys.exit(1 if details else 0)


if __name__ == "__main__":
    main()
