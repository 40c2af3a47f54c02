"""Recordings of a kernel, and the truth of its sockets, as fixtures of `swift test`."""
import json, os, re, shutil
from pathlib import Path

from reading import document, read

TESTS = Path(__file__).resolve().parent.parent
# Scenarios that are also kept as they look without the modules.
KEPT_WITHOUT = {"serial-blocked", "upstream-chain", "stopped", "udp-drops", "serial-healthy"}


def copy(recording, place):
    """Recordings are made for their owner alone; these are for everybody."""
    shutil.copyfile(recording, place)
    os.chmod(place, 0o644)


def keep(answers, name):
    """Recordings and truth become fixtures of `swift test`."""
    truth, kernels = answers.out / "truth", TESTS / "Fixtures" / "Kernels"
    kernels.mkdir(exist_ok=True)
    copy(truth / "recording", kernels / f"{name}.recording")
    tellings = [
        document(truth / f"recording.output.{each}")["sockets"] for each in ("before", "after")]
    lines = [",\n".join(json.dumps(each) for each in telling) for telling in tellings]
    text = '{"before": [\n' + lines[0] + '],\n"after": [\n' + lines[1] + "]}\n"
    (kernels / f"{name}.truth.json").write_text(text)
    for ready in sorted((answers.out / "scenarios").glob("*.ready")):
        if answers.with_modules or ready.stem in KEPT_WITHOUT:
            keep_scenario(ready, name)


def keep_scenario(ready, name):
    made = json.loads(read(ready)[6:])
    answer = document(ready.with_suffix(".json"))
    found = [each["id"] for each in answer["findings"]]
    version, modules = name.split("-")
    ending = "" if modules == "with" else "-proc"
    base = TESTS / "Recordings" / f"kernel-{version}-{ready.stem}{ending}"
    copy(ready.with_suffix(".recording"), f"{base}.recording")
    loud = answer["severity"] in ("warning", "critical")
    how = "" if modules == "with" else ", without the modules of sock_diag"
    expectation = {
        "target": made["target"],
        "about": f"The scenario {ready.stem} on Linux {version}{how}.",
        "severity": answer["severity"],
        "headline": found[:1] if loud else [],
        "finds": sorted(set(made["expects"]) & set(found)),
        "never": [],
        "names": [],
        "account": "root",
    }
    Path(f"{base}.expect.json").write_text(json.dumps(expectation, indent=2) + "\n")


def short_name(folder, modules):
    """6.12-with, of a folder like 6.12.117+deb13-cloud-amd64."""
    return ".".join(re.split(r"[.+-]", folder.name)[:2]) + "-" + modules
