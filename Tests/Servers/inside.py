"""One case, run as process 1 of namespaces of its own: inside.py NAME FOLDER OPTIONS

OPTIONS is a JSON object; what came out is written to FOLDER/result.json.
"""

import json
import os
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True

import look  # noqa: E402
from answer import ask, diagnose, wrong  # noqa: E402
from case import every_case  # noqa: E402
from place import CannotSetUp, NotHere, Place  # noqa: E402


def main(name, folder, options):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    # Pids that no number in a text is by chance.
    with open("/proc/sys/kernel/ns_last_pid", "w") as last:
        last.write("21000")
    case = next(each for each in every_case() if each.name == name)
    try:
        case.set_up(Place(folder))
    except NotHere as lack:
        return {"status": "SKIP", "why": str(lack)}
    except (CannotSetUp, OSError, subprocess.SubprocessError) as error:
        return {"status": "BROKEN", "why": f"could not be set up: {error}"}
    if options["look"]:
        print("\n".join(look.everything(besides=(1,))), flush=True)
        return {"status": "LOOKED", "why": ""}
    if options["record"]:
        return record(options, case, folder)
    if options["hold"]:
        hold()
        return {"status": "HELD", "why": ""}
    return judge(case, options)


def record(options, case, folder):
    """What a diagnosis reads, as root and as an ordinary user; what must come out; and a look."""
    base = os.path.join(options["record"], case.name)
    with open(base + ".json", "w") as file:
        json.dump(case.wanted(), file, indent=2)
    with open(base + ".txt", "w") as file:
        file.write("\n".join(look.everything(besides=(1,))) + "\n")
    # An ordinary user writes to a folder of the case's own.
    made = os.path.join(folder, "recordings")
    os.mkdir(made)
    os.chmod(made, 0o1777)
    for user, who in ((None, "root"), (65534, "nobody")):
        path = os.path.join(made, f"{who}.recording")
        done = diagnose(options["binary"], user, "--record", path)
        if not os.path.exists(path):
            why = (done.stderr or done.stdout).strip()[:200]
            return {"status": "BROKEN", "why": f"no recording{as_whom(user)}: {why}"}
        shutil.copy(path, f"{base}.{who}.recording")
    return {"status": "RECORDED", "why": ""}


def hold():
    """Waits for Enter; how to get in, the caller says, who knows this process's pid outside."""
    print("up; Enter ends it", flush=True)
    try:
        sys.stdin.readline()
    except KeyboardInterrupt:
        pass


def judge(case, options):
    """Asks as root, then as the user, as often as wanted; the first fault decides."""
    found = []
    strong = None
    for _ in range(options["repeat"] if not case.sick else 1):
        for user in [None] + ([options["user"]] if options["user"] else []):
            answer = ask(options["binary"], user, bool(case.names or case.never))
            why = wrong(case, answer, strong if user else None)
            strong = strong if user else answer
            found.append(answer.summary(user))
            if why:
                return {
                    "status": "FAIL",
                    "why": why + as_whom(user),
                    "found": found,
                    "text": full(options),
                }
    return {"status": "PASS", "why": "", "found": found, "text": full(options)}


def as_whom(user):
    return " (as an ordinary user)" if user else ""


def full(options):
    """The text for people, for the note that closes the issue."""
    if not options["full"]:
        return ""
    done = subprocess.run(
        [options["binary"], "diagnose"], capture_output=True, text=True, timeout=60
    )
    return done.stdout + done.stderr


if __name__ == "__main__":
    result = main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
    with open(os.path.join(sys.argv[2], "result.json"), "w") as file:
        json.dump(result, file)
