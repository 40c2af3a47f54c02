"""That the check itself can fail: python3 -B -m unittest discover Tests/Servers"""

import json
import unittest

from answer import Answer, wrong
from case import QUEUE, Case


class Sick(Case):
    """A server that is blocked"""

    headline = {"server-blocked"}
    allow = QUEUE
    mentions = [8080]


class Well(Case):
    """A server that is well"""

    sick = False


def finding(name, severity="critical", because=()):
    return {"id": name, "severity": severity, "because": list(because), "port": 8080}


def answer(*findings, status=2, human=""):
    return Answer(status, json.dumps({"findings": findings}), human=human)


BLOCKED = finding("server-blocked")
FULL = finding("accept-queue-full", because=["server-blocked"])


class Answers(unittest.TestCase):
    def test_cause_with_its_effect_is_right(self):
        self.assertEqual(wrong(Sick(), answer(BLOCKED, FULL)), "")

    def test_effect_alone_is_wrong(self):
        self.assertIn("has no cause", wrong(Sick(), answer(BLOCKED, finding("accept-queue-full"))))

    def test_nothing_found_is_wrong(self):
        self.assertIn("headline is absent", wrong(Sick(), answer(status=0)))

    def test_something_else_is_wrong(self):
        self.assertIn("unexpected: lock-wait", wrong(Sick(), answer(BLOCKED, finding("lock-wait"))))

    def test_a_quiet_cause_is_a_headline(self):
        quiet = finding("server-blocked", "notice")
        self.assertEqual(wrong(Sick(), answer(quiet, FULL)), "")

    def test_pids_and_ports_must_be_named(self):
        case = Sick()
        case.mentions = [4711]
        self.assertIn("nowhere mentioned: 4711", wrong(case, answer(BLOCKED)))

    def test_the_text_must_name_pids_and_patterns(self):
        case = Sick()
        case.names = [4711, r"wait\w* for 'x\.lock'"]
        said = answer(BLOCKED, human="pid 4711 waits for\n  'x.lock'")
        self.assertEqual(wrong(case, said), "")
        part = answer(BLOCKED, human="pid 14711 waits for 'x.lock'")
        self.assertIn("not in the text: 4711", wrong(case, part))

    def test_the_text_must_not_blame(self):
        case = Sick()
        case.never = ["never closed"]
        said = answer(BLOCKED, human="the program never\nclosed them")
        self.assertIn("must not be in the text: never closed", wrong(case, said))
        self.assertIn("must not be", wrong(case, said, strong=answer(BLOCKED)))
        self.assertEqual(wrong(case, answer(BLOCKED, human="closed")), "")

    def test_root_can_tell_that_all_is_well(self):
        self.assertIn("exit status 3", wrong(Well(), answer(status=3)))
        self.assertEqual(wrong(Well(), answer(status=3), strong=answer(status=0)), "")

    def test_what_is_wanted_is_written_down(self):
        wanted = json.loads(json.dumps(Sick().wanted()))
        self.assertEqual(wanted["headline"], ["server-blocked"])
        self.assertEqual(wanted["mentions"], [8080])
        self.assertNotIn("headline", Well().wanted())

    def test_status_must_fit(self):
        self.assertIn("exit status 1", wrong(Sick(), answer(BLOCKED, status=1)))

    def test_no_json_is_wrong(self):
        self.assertIn("no JSON", wrong(Sick(), Answer(64, "")))

    def test_healthy_may_have_notices_only(self):
        notice = finding("backlog-small", "notice")
        self.assertEqual(wrong(Well(), answer(notice, status=0)), "")
        self.assertIn(
            "unexpected", wrong(Well(), answer(finding("udp-drops", "warning"), status=1))
        )

    def test_weak_answers_may_lack_but_not_err(self):
        strong = answer(finding("server-blocked"))
        full = finding("accept-queue-full")
        self.assertEqual(wrong(Sick(), answer(full), strong=strong), "")
        self.assertIn("unexpected", wrong(Sick(), answer(finding("lock-wait")), strong=strong))
        self.assertIn("nothing is wrong", wrong(Sick(), answer(status=0), strong=strong))
        self.assertEqual(wrong(Sick(), answer(status=3), strong=strong), "")


if __name__ == "__main__":
    unittest.main()
