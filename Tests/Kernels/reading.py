"""What came back from a kernel, read from its files, and the program that is asked again here."""
import json, os, subprocess


def read(path):
    try:
        return path.read_text(errors="surrogateescape")
    except OSError:
        return ""


def document(path):
    try:
        return json.loads(read(path))
    except ValueError:
        return None


def ask(words):
    program = os.environ["SOCKINSPECT"]
    return subprocess.run(
        [program] + words, capture_output=True, text=True, errors="surrogateescape", timeout=120)
