"""What a case is, and the list of them all."""

import importlib
import pkgutil

# What a full queue brings along, at the listener and at its clients; never a cause.
QUEUE = {
    "accept-queue-full",
    "accept-queue-filling",
    "accept-queue-drops",
    "connect-stuck",
    "retransmitting",
}

# What hangs in front of the cause, in a chain of servers; a cause only where a case says so.
BEHIND = QUEUE | {
    "lock-wait",
    "pool-exhausted",
    "receive-stuck",
    "request-unanswered",
    "server-blocked",
    "unix-backlog-full",
    "waits-upstream",
    "workers-exhausted",
}


class Case:
    """One server in one state. A subclass names itself, says what must be found, and sets it up."""

    name = ""
    sick = True
    # Commands it needs; packages.py knows which package brings each.
    needs = ()
    # One of these must be among the findings that have no cause of their own.
    headline = set()
    # All of these must be found, as anything.
    expect = set()
    # These may be found as well; any other warning or critical finding is wrong.
    allow = QUEUE
    # Pids, ports and texts that must all be somewhere in the JSON of the answer. Filled in by
    # set_up, since pids are known only then.
    mentions = ()
    # Pids and patterns that the text for people must contain, whatever the number of its lines.
    # Filled in by set_up.
    names = ()
    # Patterns that the text must not contain, whoever asks: wrong causes, or blame.
    never = ()

    def wanted(self):
        """What must be found, for those who have only the recording."""
        known = {
            "name": self.name,
            "about": (self.__doc__ or "").splitlines()[0],
            "sick": self.sick,
        }
        for each in ("headline", "expect", "allow") if self.sick else ():
            known[each] = sorted(getattr(self, each))
        for each in ("mentions", "names", "never"):
            known[each] = list(getattr(self, each))
        return known

    def set_up(self, place):
        """Brings the server into its state; returns when it is in it."""
        raise NotImplementedError


def every_case():
    """One instance of each, the sick ones first, in the order of their files."""
    import cases

    found = []
    for module in sorted(each.name for each in pkgutil.iter_modules(cases.__path__)):
        loaded = importlib.import_module(f"cases.{module}")
        found += [each() for each in vars(loaded).values() if is_case(each, loaded)]
    return sorted(found, key=lambda each: not each.sick)


def is_case(value, module):
    return (
        isinstance(value, type)
        and issubclass(value, Case)
        and value.__module__ == module.__name__
        and value.name
    )
