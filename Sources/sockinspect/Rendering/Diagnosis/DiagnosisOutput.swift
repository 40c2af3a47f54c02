import ProcNet

/// Writes a diagnosis in the format that was asked for.
struct DiagnosisOutput {
  private let arguments: DiagnoseArguments

  init(_ arguments: DiagnoseArguments) { self.arguments = arguments }

  func write(_ report: DiagnosisReport) throws(KernelError) {
    var output = Output()
    switch arguments.format {
    case .text, .table:
      let text = DiagnosisText(
        page: page, showsAll: arguments.showsAll, showsEvidence: arguments.showsEvidence,
        isBrief: arguments.isBrief)
      text.append(report, to: &output.writer)
    case .json: DiagnosisJSON.append(report, to: &output.writer)
    case .markdown: DiagnosisMarkdown.append(report, all: arguments.showsAll, to: &output.writer)
    }
    try output.flush()
  }

  /// Wrapped for a person's screen, in lines that are not too long to read. A pipe gets long
  /// lines: a monitoring system takes the first one for its message, and grep wants whole ones.
  var page: TextPage {
    let output = OutputFile.standardOutput
    let isForPeople = output.isTerminal || arguments.common.colour == .always
    let width = isForPeople ? min(output.width ?? (output.isTerminal ? 80 : 100), 100) : nil
    return TextPage(width: width, palette: Palette(isColoured: arguments.common.colour.isOn))
  }
}
