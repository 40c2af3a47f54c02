import Diagnosis
import ProcNet

/// `sockinspect diagnose`: what is wrong, why, on which evidence, and what to do about it.
///
/// Its exit statuses are those of a monitoring plugin.
struct DiagnoseCommand {
  private let arguments: DiagnoseArguments
  private let session: Session
  private let facts: HostFacts
  private let places: [NetworkNamespace]
  private var target: DiagnoseTarget

  /// Runs the command and answers its exit status; whatever keeps it from an answer is status 3.
  static func run(_ words: [String]) throws -> ExitStatus {
    var arguments = DiagnoseArguments()
    let parser = OptionParser(command: "sockinspect diagnose", options: Option.diagnose)
    arguments.words = try parser.parse(words, into: &arguments)
    if arguments.wantsHelp { return try HelpCommand.show("diagnose") }
    try check(arguments)
    do {
      if arguments.listsFindings { return try FindingList.show(arguments) }
      let answer = try answer(arguments, words)
      try DiagnosisOutput(arguments).write(answer.report)
      if arguments.format == .json { Notice.show(answer.report.diagnosis.gaps) }
      return answer.status
    } catch let nothing as DiagnoseTarget.Nothing {
      Notice.show(nothing.message)
    } catch let error as UsageError where error.isUndecided {
      Notice.show(error.message)
    } catch let error as KernelError where !error.isBrokenPipe {
      Notice.show(error.message)
    }
    return .couldNotTell
  }

  private static func check(_ arguments: DiagnoseArguments) throws(UsageError) {
    let isRecorded = arguments.common.recording != nil
    if arguments.interval != nil, isRecorded {
      throw UsageError("a recording holds its own moments; --interval needs a live host")
    }
    guard let file = arguments.recordingToMake else { return }
    if isRecorded { throw UsageError("--record needs a live host; --from reads a recording") }
    if arguments.listsFindings {
      throw UsageError("--list-findings reads nothing that --record could keep")
    }
    if file == "-" {
      throw UsageError("--record takes a FILE; the diagnosis itself goes to standard output")
    }
  }

  /// What a diagnosis came to, before it is shown.
  struct Answer {
    var report: DiagnosisReport
    var status: ExitStatus
  }

  /// Also a diagnosis that comes to nothing is recorded.
  ///
  /// - Parameter words: The command line, for the recording.
  static func answer(_ arguments: DiagnoseArguments, _ words: [String] = []) throws -> Answer {
    var session = try Session(arguments.common, isDiagnosis: true)
    if let file = arguments.recordingToMake {
      let interval = arguments.interval ?? DiagnoseArguments.usualInterval
      let asked = RecordedDiagnosis(
        interval: UInt32(clamping: interval),
        words: withoutRecord(words).map(\.rawBytes))
      try session.record(asked, to: file)
    }
    let answer = Result {
      var command = try DiagnoseCommand(arguments, session)
      return try command.answer()
    }
    if case .failure(let error) = answer, error is UsageError { throw error }
    try session.finishRecording()
    return try answer.get()
  }

  /// Where the recording was put is nothing to keep in it.
  private static func withoutRecord(_ words: [String]) -> [String] {
    var kept: [String] = []
    var isFile = false
    for word in words {
      let name = word.prefix { $0 != "=" }
      let isOption = name.count > 2 && "--record".hasPrefix(name)
      if !isOption, !isFile { kept.append(word) }
      isFile = isOption && name.count == word.count
    }
    return kept
  }

  private init(_ arguments: DiagnoseArguments, _ session: Session) throws {
    self.arguments = arguments
    self.session = session
    var gaps: [Gap] = []
    places = try DiagnoseScope(session).places(arguments.common, gaps: &gaps)
    facts = HostFacts(kernel: session.kernel, places: places, gaps: gaps)
    target = try DiagnoseTarget(arguments, facts, session, places)
  }

  private mutating func answer() throws -> Answer {
    var gaps = facts.gaps
    try target.find(gaps: &gaps)
    let scope = Diagnoser.Scope(
      places: places, source: session.source(arguments.common.source), moments: moments)
    let progress = SamplingProgress(
      arguments.showsProgress ? scope.moments.interval : nil, of: session)
    defer { progress.end() }
    var diagnosis = try Diagnoser.run(scope, focus: target.focus)
    diagnosis.gaps = gaps + diagnosis.gaps.filter { !gaps.contains($0) }
    let report = DiagnosisReport(
      diagnosis, head: session.head(command: "diagnose"),
      target: target.isWholeHost ? nil : target.words)
    if report.headline == nil, let blindness = target.blindness {
      throw DiagnoseTarget.Nothing(message: blindness)
    }
    return Answer(report: report, status: status(report))
  }

  /// A host is sampled with a pause in between, and a recorded diagnosis as it was. Of another
  /// recording the first and the last moment count; where it holds only one, that answers both.
  private var moments: SamplePair {
    guard let recorded = session.kernel as? RecordedKernel else {
      return SamplePair(
        live: session.kernel, interval: arguments.interval ?? DiagnoseArguments.usualInterval)
    }
    if let diagnosis = recorded.header.diagnosis {
      return SamplePair(live: recorded, interval: UInt64(diagnosis.interval))
    }
    if let earlier = session.earlier {
      return SamplePair(
        recorded: earlier, recorded, interval: max(recorded.time, earlier.time) - earlier.time)
    }
    guard arguments.common.sample == nil, recorded.samples > 1,
      let last = recorded.sample(recorded.samples - 1)
    else {
      return SamplePair(recorded: recorded, recorded, interval: nil)
    }
    return SamplePair(
      recorded: recorded, last, interval: max(last.time, recorded.time) - recorded.time)
  }

  /// What was found counts, whatever else could not be seen. That nothing listens at the target is
  /// no answer to what is wrong with it.
  private func status(_ report: DiagnosisReport) -> ExitStatus {
    switch report.headline?.severity {
    case .critical: .critical
    case .warning: .warning
    case .notice: .couldNotTell
    case nil where report.isUndecided: .couldNotTell
    case nil:
      arguments.common.isStrict && !report.diagnosis.gaps.telling.isEmpty ? .couldNotTell : .done
    }
  }
}

/// `Sampling, 1 s …` for a person who waits, and gone when the answer comes.
private struct SamplingProgress {
  /// Empty where nobody waits.
  private var line = ""

  init(_ interval: UInt64?, of session: Session) {
    let isShown =
      interval != nil && !(session.kernel is RecordedKernel)
      && OutputFile.standardOutput.isTerminal && OutputFile.standardError.isTerminal
      && CurrentProcess.environment("TERM") != "dumb"
    guard isShown, let interval else { return }
    line = TextStyle.ofLocale.written("Sampling, \(Phrase.duration(interval)) …")
    try? OutputFile.standardError.write(line)
  }

  /// Blanks over it: with NO_COLOR people want no escape of any kind.
  func end() {
    guard !line.isEmpty else { return }
    let blanks = String(repeating: " ", count: DisplayWidth.of(line))
    try? OutputFile.standardError.write("\r\(blanks)\r")
  }
}

/// Which network namespaces a diagnosis reads when `--netns` does not say: its own and all others
/// that it may enter, up to a bound.
private struct DiagnoseScope {
  /// Each costs some dumps per sample, which walk the host's whole table of connections.
  private static let most = 64
  /// A setting that every namespace has: reading it shows whether we may enter.
  private static let setting = "/proc/sys/net/core/somaxconn"

  private let session: Session

  init(_ session: Session) { self.session = session }

  /// Of another `/proc` only the namespace that is meant is read, unless others are asked for.
  func places(
    _ common: CommonArguments, gaps: inout [Gap]
  ) throws(KernelError) -> [NetworkNamespace] {
    guard common.namespace == nil, common.procRoot == nil else {
      return try session.places(common.namespace, gaps: &gaps)
    }
    var found: [Gap] = []
    let all: [NetworkNamespace]
    do throws(KernelError) {
      all = try session.places("all", gaps: &found)
    } catch {
      return try session.places("self", gaps: &gaps)
    }
    gaps += found
    return chosen(all, &gaps)
  }

  /// Our own first; of the others first those in which processes live.
  private func chosen(_ all: [NetworkNamespace], _ gaps: inout [Gap]) -> [NetworkNamespace] {
    let others = all.dropFirst()
    let ordered = others.filter { $0.tables != nil } + others.filter { $0.tables == nil }
    var (open, denied): ([NetworkNamespace], [NetworkNamespace]) = ([], [])
    var reason = ""
    for place in ordered.prefix(Self.most - 1) {
      do throws(KernelError) {
        if try isThere(place) { open.append(place) }
      } catch {
        denied.append(place)
        reason = error.reason
      }
    }
    if !denied.isEmpty { gaps.append(gap(denied, reason)) }
    let beyond = ordered.count - (Self.most - 1)
    if beyond > 0 {
      gaps.append(
        Gap(
          .namespaces, missing: Self.count(beyond),
          reason: "more than \(Self.most) are read only when asked for", remedy: "--netns all"))
    }
    return all.prefix(1) + open
  }

  /// False for one that has gone meanwhile; throws when it may not be entered.
  private func isThere(_ place: NetworkNamespace) throws(KernelError) -> Bool {
    guard let path = place.path else { return true }
    do throws(KernelError) {
      _ = try session.kernel.setting(Self.setting, inNamespaceAt: path)
    } catch {
      guard error.isGone else { throw error }
      return (try? session.kernel.identity(of: path)) != nil
    }
    return true
  }

  /// A namespace with a name can be that of a process whose namespace may not be read.
  private func gap(_ denied: [NetworkNamespace], _ reason: String) -> Gap {
    let unknown = denied.count { $0.inode == 0 }
    let known = denied.count - unknown
    let missing =
      unknown > 0 && known > 0
      ? "at least \(Self.count(max(unknown, known)))" : Self.count(denied.count)
    return Gap(.namespaces, missing: missing, reason: reason, remedy: remedy)
  }

  private static func count(_ others: Int) -> String {
    DiagnosisReport.count(others, "other network namespace")
  }

  /// What a diagnosis read is repeated as it was said.
  private var remedy: String {
    let recorded = session.kernel as? RecordedKernel
    return recorded == nil || recorded?.header.diagnosis != nil ? "run as root" : "record as root"
  }
}

/// `diagnose --list-findings`: what it can find, and under which conditions.
private enum FindingList {
  static func show(_ arguments: DiagnoseArguments) throws -> ExitStatus {
    var output = Output()
    switch arguments.format {
    case .json:
      let head = try Session(arguments.common).head(command: "diagnose")
      FindingListJSON.append(FindingKind.all, head, to: &output.writer)
    case .markdown: appendMarkdown(&output.writer)
    case .text, .table:
      appendText(DiagnosisOutput(arguments).page, &output.writer)
    case .dot, .svg, .html:
      throw UsageError("--list-findings is text, json or markdown")
    }
    try output.flush()
    return .done
  }

  /// The id with its severities, and below it when it is reported.
  private static func appendText(_ page: TextPage, _ writer: inout ByteWriter) {
    for (index, kind) in FindingKind.all.enumerated() {
      if index > 0 { page.appendBlank(&writer) }
      let severities = kind.severities.map(\.name).joined(separator: ", ")
      page.append(
        "\(severities): \(kind.title)", label: kind.id,
        tone: kind.severities.first?.tone ?? .plain, margin: 24, to: &writer)
      page.appendParagraph(kind.condition, to: &writer)
    }
  }

  private static func appendMarkdown(_ writer: inout ByteWriter) {
    writer.append("| Finding | Severity | Condition |\n| --- | --- | --- |\n")
    for kind in FindingKind.all {
      let severities = kind.severities.map(\.name).joined(separator: ", ")
      writer.append("| `\(kind.id)` | \(severities) | \(MarkdownText.prose(kind.condition)) |\n")
    }
  }
}

/// The list as a JSON document.
enum FindingListJSON {
  static func append(
    _ kinds: [FindingKind], _ head: ReportHead, to writer: inout ByteWriter
  ) {
    JSONTable(head, list: "catalogue") { kind, _, json, writer in
      append(copy kind, &json, &writer)
    }.write(kinds, to: &writer)
  }

  private static func append(
    _ kind: FindingKind, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("id", plain: kind.id, &writer)
    json.member("severities", texts: kind.severities.map(\.name), &writer)
    json.member("title", text: kind.title, &writer)
    json.member("means", text: kind.means, &writer)
    json.member("condition", text: kind.condition, &writer)
    json.member("explanation", text: kind.explanation, &writer)
    json.member("remedy", texts: kind.remedy, &writer)
    json.member("avoid", texts: kind.avoid, &writer)
    json.member("check", texts: kind.check, &writer)
    json.member("demo", texts: kind.demo, &writer)
    json.close("}", &writer)
  }
}
