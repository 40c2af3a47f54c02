"""Brings real servers into named states and asks `sockinspect diagnose` what is wrong with each.

  scripts/check-servers                 all cases, one line each
  scripts/check-servers NAME...         these; 'sick' and 'healthy' name all of a kind
  scripts/check-servers list            what there is
  scripts/check-servers --hold NAME     brings it up and waits for Enter
  scripts/check-servers --look NAME     prints its queues and what each of its threads sleeps in
  scripts/check-servers --load --repeat 10 --as-user healthy
                                        no false alarm on a busy host, ten times, as both users
  scripts/check-servers --record DIR    what each diagnosis reads, and what must come out of it

The first run installs what is missing, from Debian; nothing it installs is started as a service.
Every case has a network, process and mount namespace and a temporary folder of its own, and
nothing of it is left. Needs root. SOCKINSPECT names the program to ask, otherwise it is built.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import packages
from case import every_case
from place import HERE, wait, warn

LIMIT = 240
# Computes for as long as its parent lives.
BUSY = """
import os
parent = os.getppid()
while os.getppid() == parent:
    sum(range(100_000))
"""

NAMESPACES = ["unshare", "--net", "--pid", "--mount", "--fork", "--mount-proc", "--kill-child=KILL"]


def arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/check-servers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--hold", action="store_true", help="bring it up and wait for Enter")
    parser.add_argument("--look", action="store_true", help="print what it looks like from outside")
    parser.add_argument(
        "--record",
        metavar="FOLDER",
        help="of each, what a diagnosis reads as root and as nobody, what must be found, a look",
    )
    parser.add_argument(
        "--repeat", type=int, default=1, metavar="N", help="ask healthy ones N times"
    )
    parser.add_argument(
        "--load", action="store_true", help="keep two CPUs busy while the cases run"
    )
    parser.add_argument("--as-user", action="store_true", help="ask as an ordinary user, too")
    parser.add_argument("--full", action="store_true", help="print the whole human text of each")
    return parser.parse_args()


def chosen(names):
    cases = every_case()
    known = {each.name for each in cases}
    strange = [name for name in names if name not in known | {"sick", "healthy"}]
    if strange:
        warn(f"no case '{strange[0]}'; scripts/check-servers list says which there are")
        sys.exit(64)
    kinds = {True: "sick", False: "healthy"}
    return [each for each in cases if not names or each.name in names or kinds[each.sick] in names]


def listed():
    for each in every_case():
        kind = "sick" if each.sick else "healthy"
        print(f"{each.name:32} {kind:8} {(each.__doc__ or '').splitlines()[0]}")


def program(folder):
    """The program to ask, copied to where an ordinary user can run it."""
    named = os.environ.get("SOCKINSPECT")
    if not named:
        build()
        shown = subprocess.run(
            ["swift", "build", "-c", "release", "--show-bin-path"],
            check=True,
            capture_output=True,
            text=True,
        )
        named = os.path.join(shown.stdout.strip(), "sockinspect")
    os.chmod(folder, 0o755)
    return shutil.copy(named, os.path.join(folder, "sockinspect"))


def build():
    """Builds the release; when ended meanwhile, lets the build end its compilers."""
    child = subprocess.Popen(["swift", "build", "-c", "release"], stdout=sys.stderr)
    try:
        if child.wait():
            sys.exit(child.returncode)
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()


def run(case, base, options):
    """Runs one case and gives its result; its processes and its folder are gone afterwards."""
    lacking = packages.lacking((*case.needs, "ss"))
    if lacking:
        return {"status": "SKIP", "why": f"needs {', '.join(lacking)}"}
    folder = os.path.join(base, case.name)
    os.mkdir(folder)
    os.chmod(folder, 0o755)
    inner = [
        sys.executable,
        os.path.join(HERE, "inside.py"),
        case.name,
        folder,
        json.dumps(options),
    ]
    try:
        child = subprocess.Popen(
            [*NAMESPACES, *inner], stdin=None if options["hold"] else subprocess.DEVNULL
        )
        if options["hold"]:
            warn(f"soon up; to look inside: nsenter -a -t {inner_pid(child.pid)}")
        return ended(child, folder, None if options["hold"] else LIMIT)
    finally:
        child.kill()
        child.wait()
        remove_groups(os.path.join(folder, "groups"))
        keep_logs(folder, case.name)
        shutil.rmtree(folder, ignore_errors=True)


def inner_pid(outer):
    """Process 1 of the case's namespaces, as it is called outside of them."""
    children = f"/proc/{outer}/task/{outer}/children"
    return wait("the case to start", lambda: open(children).read().split())[0]


def ended(child, folder, seconds):
    try:
        child.wait(seconds)
        with open(os.path.join(folder, "result.json")) as file:
            return json.load(file)
    except subprocess.TimeoutExpired:
        return {"status": "BROKEN", "why": f"took more than {seconds} s"}
    except (OSError, ValueError):
        return {"status": "BROKEN", "why": f"ended with status {child.returncode} and no result"}


def remove_groups(written):
    """Control groups outlive their processes, and the namespaces."""
    if os.path.exists(written):
        for group in open(written).read().split():
            wait("an empty control group", lambda: not open(f"{group}/cgroup.procs").read())
            os.rmdir(group)


def keep_logs(folder, name):
    """With KEEP_LOGS=FOLDER the servers' own words stay, for a case that did not come up."""
    kept = os.environ.get("KEEP_LOGS")
    if kept:
        os.makedirs(os.path.join(kept, name), exist_ok=True)
        for each in os.listdir(folder):
            if each.endswith((".log", ".conf")):
                shutil.copy(os.path.join(folder, each), os.path.join(kept, name, each))


def report(case, result, seconds):
    found = "; ".join(dict.fromkeys(result.get("found", [])))
    times = len(result.get("found", []))
    said = " · ".join(
        each
        for each in (result["why"], found and f"found {found}", times > 1 and f"{times} answers")
        if each
    )
    print(f"{result['status']:6} {case.name:32} {seconds:5.1f} s  {said}", flush=True)
    if result.get("text"):
        print(result["text"], flush=True)


def main():
    asked = arguments()
    if asked.names == ["list"]:
        return listed()
    cases = chosen(asked.names)
    if os.geteuid() != 0:
        warn("check-servers needs root: it makes namespaces, and starts servers as other users")
        return 1
    if asked.hold and len(cases) != 1:
        warn("--hold takes the name of one case")
        return 64
    packages.install(sorted({need for each in cases for need in (*each.needs, "ss")}))
    if asked.record:
        os.makedirs(asked.record, exist_ok=True)
    base = tempfile.mkdtemp(prefix="check-servers-")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    busy = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(2 if asked.load else 0)]
    try:
        return all_of(cases, base, asked)
    except KeyboardInterrupt:
        return 130
    finally:
        for each in busy:
            each.kill()
            each.wait()
        shutil.rmtree(base, ignore_errors=True)


def all_of(cases, base, asked):
    options = {
        "look": asked.look,
        "hold": asked.hold,
        "record": asked.record and os.path.abspath(asked.record),
        "repeat": asked.repeat,
        "full": asked.full,
        "user": 65534 if asked.as_user else None,
        "binary": None if asked.look or asked.hold else program(base),
    }
    os.chmod(base, 0o755)
    counts = {}
    for case in cases:
        started = time.monotonic()
        result = run(case, base, options)
        report(case, result, time.monotonic() - started)
        counts[result["status"]] = counts.get(result["status"], 0) + 1
    print(", ".join(f"{number} {status}" for status, number in counts.items()))
    return 1 if {"FAIL", "BROKEN"} & counts.keys() else 0


if __name__ == "__main__":
    sys.exit(main())
