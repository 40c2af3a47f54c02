"""What `sockinspect diagnose` answered, and whether it is what must be answered."""

import json
import re
import subprocess

LOUD = {"warning", "critical"}
STATUS = {None: 0, "warning": 1, "critical": 2}


class Answer:
    def __init__(self, status, text, complaint="", human=""):
        self.status, self.text, self.complaint = status, text, complaint
        self.human = " ".join(human.split())
        try:
            self.document = json.loads(text)
        except ValueError:
            self.document = None

    @property
    def findings(self):
        return self.document.get("findings", [])

    @property
    def loud(self):
        return [each for each in self.findings if each["severity"] in LOUD]

    def ids(self):
        return {each["id"] for each in self.findings}

    def headlines(self):
        """What the answer is about: the causes without a cause of their own."""
        causes = {name for each in self.findings for name in each.get("because", [])}
        roots = [each for each in self.findings if not each.get("because")]
        return [each["id"] for each in roots if each in self.loud or each["id"] in causes]

    def mentions(self, word):
        """Whether a pid or a port stands anywhere as such, or a text anywhere at all."""
        return word in set(numbers(self.document)) if isinstance(word, int) else word in self.text

    def names(self, word):
        """Whether the text for people has a pid in it, or what fits a pattern."""
        return re.search(rf"\b{word}\b" if isinstance(word, int) else word, self.human)

    def worst(self):
        severities = {each["severity"] for each in self.loud}
        return next((each for each in ("critical", "warning") if each in severities), None)

    def summary(self, user):
        if self.document is None:
            return "no answer"
        short = ", ".join(
            f"{each['id']}{'*' if not each.get('because') else ''}" for each in self.loud
        )
        return (short or "nothing") + (" as an ordinary user" if user else "")


def numbers(value):
    """All pids and ports in a document, wherever they are."""
    if isinstance(value, list):
        for each in value:
            yield from numbers(each)
    elif isinstance(value, dict):
        yield from (value[key] for key in ("pid", "port") if key in value)
        for each in value.values():
            yield from numbers(each)


def ask(binary, user=None, human=False):
    """Asks as root, or as an ordinary user, about the whole of the case's namespace.

    With human also for the text that people get, in a second diagnosis.
    """
    done = diagnose(binary, user, "--json")
    text = diagnose(binary, user).stdout if human else ""
    return Answer(done.returncode, done.stdout, done.stderr.strip(), text)


def diagnose(binary, user, *options):
    command = [binary, "diagnose", *options]
    if user:
        command = ["setpriv", f"--reuid={user}", "--regid=65534", "--clear-groups", *command]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=60)


def wrong(case, answer, strong=None):
    """What is wrong with an answer, in one sentence; empty when nothing is.

    A weak answer, an ordinary user's, is held against the strong one: it may lack findings, but
    none of it may be wrong, and where root is told something loud, nobody is told that all is well.
    """
    weak = strong is not None
    if answer.document is None:
        return f"status {answer.status}, no JSON: {(answer.complaint or answer.text)[:200]}"
    return (
        unexpected(case, answer, weak)
        or (lacking(case, answer, strong) if case.sick else "")
        or unspeakable(case, answer)
        or misfit(case, answer, weak)
    )


def unexpected(case, answer, weak):
    known = case.headline | case.expect | case.allow if case.sick else set()
    extra = [each["id"] for each in answer.loud if each["id"] not in known]
    if extra:
        return f"unexpected: {', '.join(extra)}"
    # An effect that stands alone would send people to the wrong end of the story.
    alone = [name for name in answer.headlines() if case.headline and name not in case.headline]
    return f"has no cause: {', '.join(alone)}" if alone and not weak else ""


def lacking(case, answer, strong):
    if strong is not None:
        return (
            ""
            if answer.loud or answer.status == 3 or not strong.loud
            else "an ordinary user was told that nothing is wrong"
        )
    absent = case.expect - answer.ids()
    if absent:
        return f"not found: {', '.join(sorted(absent))}"
    if case.headline and not case.headline & set(answer.headlines()):
        wanted = " or ".join(sorted(case.headline))
        return f"headline is {', '.join(answer.headlines()) or 'absent'}, not {wanted}"
    unsaid = [str(word) for word in case.mentions if not answer.mentions(word)]
    if unsaid:
        return f"nowhere mentioned: {', '.join(unsaid)}"
    unnamed = [str(word) for word in case.names if not answer.names(word)]
    return f"not in the text: {', '.join(unnamed)}" if unnamed else ""


def unspeakable(case, answer):
    said = [word for word in case.never if answer.names(word)]
    return f"must not be in the text: {', '.join(said)}" if said else ""


def misfit(case, answer, weak):
    """The exit status is the worst severity's; 3, could not tell, may stand in for 0.

    Not so where all is well and root asks: who may read everything can tell.
    """
    due = STATUS[answer.worst()]
    if answer.status == due or (due == 0 and answer.status == 3 and (weak or case.sick)):
        return ""
    return f"exit status {answer.status}, but the worst finding is {answer.worst() or 'none'}"
