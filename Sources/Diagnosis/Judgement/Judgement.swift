/// Applies all rules to a case, says what follows from what, and puts the worst first.
struct Judgement {
  let findings: [Finding]

  init(_ file: CaseFile) {
    let found = OneLook.weakened(RuleList.all.flatMap { $0.findings(in: file) }, in: file)
    findings = FindingOrder.sorted(Headlines.completed(Causes(file).linked(found)))
  }
}
