"""That the check itself can fail: python3 -B -m unittest discover Tests/Servers"""

import json
import unittest

from answer import Answer, wrong
from case import QUEUE, Case


class Sick(Case):
    headline = {"server-blocked"}
    allow = QUEUE
    mentions = [8080]


class Well(Case):
    sick = False


def finding(name, severity="critical", because=()):
    return {"id": name, "severity": severity, "because": list(because), "port": 8080}


def answer(*findings, status=2):
    return Answer(status, json.dumps({"findings": findings}))


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
