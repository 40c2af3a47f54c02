import Diagnosis

/// `sockinspect explain --manual`: the findings as a manual page, sockinspect-findings(7).
enum FindingsManual {
  static var text: String {
    head + FindingKind.all.map(section).joined() + foot
  }

  private static var head: String {
    """
    .\\" Made by 'sockinspect explain --manual' from the texts in Sources/Diagnosis/Rules.
    .Dd November 25, 2026
    .Dt SOCKINSPECT-FINDINGS 7
    .Os
    .Sh NAME
    .Nm sockinspect-findings
    .Nd what can be wrong with servers and their connections, and what to do
    .Sh DESCRIPTION

    """ + introduction.map { ManualText.paragraph($0) }.joined(separator: ".Pp\n")
      + ".Bl -tag -width \"warning\" -compact\n"
      + severities.map { ".It Sy \($0)\n" + ManualText.paragraph($1) }.joined() + ".El\n"
  }

  private static let introduction = [
    """
    A finding says what is wrong, with the evidence for it. Its id never changes its meaning, so \
    that scripts and tickets can rely on it. `sockinspect explain ID` prints one of these \
    sections.
    """,
    """
    In commands PORT, PID, TID, FD and the like stand for those that a finding names. \
    `sockinspect demo` makes scenarios to look at; see `sockinspect-demos(7)`.
    """,
    "How much a finding matters:",
  ]

  private static let severities = Severity.allCases.reversed().map { ($0.name, $0.meaning) }

  private static func section(_ finding: FindingKind) -> String {
    let severities = finding.severities.map { "\($0)" }.joined(separator: " or ")
    var text = ".Sh \(finding.id.uppercased())\n" + ManualText.paragraph("*\(finding.title).*")
    text += ManualText.paragraph(finding.means)
    text += ".Pp\n" + ManualText.paragraph("*Severity:* \(severities).")
    text += ".Pp\n" + ManualText.paragraph("*Reported when:* \(finding.condition)")
    text += ".Pp\n" + ManualText.paragraph(finding.explanation)
    text += list("Do:", finding.remedy) + list("Do not:", finding.avoid)
    text += ".Pp\nTo see it by hand:\n" + ManualText.literal(finding.check)
    if !finding.demo.isEmpty {
      let names = finding.demo.map { "`\($0)`" }.joined(separator: ", ")
      text += ".Pp\n" + ManualText.paragraph("Scenarios that show it: \(names).")
    }
    return text
  }

  private static func list(_ title: String, _ lines: [String]) -> String {
    ".Pp\n\(title)\n.Bl -dash -compact\n"
      + lines.map { ".It\n" + ManualText.paragraph($0) }.joined() + ".El\n"
  }

  private static let foot = """
    .Sh SEE ALSO
    .Xr sockinspect 1 ,
    .Xr sockinspect-diagnose 1 ,
    .Xr sockinspect-explain 1 ,
    .Xr sockinspect-demos 7 ,
    .Xr sockinspect-filter 7 ,
    .Xr tcp 7 ,
    .Xr ss 8

    """
}
