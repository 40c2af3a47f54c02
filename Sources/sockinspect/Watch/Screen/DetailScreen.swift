import ProcNet

/// One listener on the screen: its figures, its history, who waits, what its threads do.
struct DetailScreen {
  private let frame: WatchFrame

  init(_ frame: WatchFrame) { self.frame = frame }

  var lines: [ScreenLine] {
    guard let key = frame.state.detail, let row = frame.sample.row(key) else {
      return [frame.line("this listener is gone; Esc goes back")]
    }
    let detail = frame.detail.flatMap { $0.row.listener.key == key ? $0 : nil }
    return figures(detail?.row ?? row) + history(key)
      + (detail.map { waiting($0) + threads($0) + gaps($0) } ?? [frame.line("looking ...")])
  }

  private func figures(_ row: ListenRow) -> [ScreenLine] {
    var first = frame.line()
    first.addHeading(ListenAddress.text(of: row.socket, frame.context))
    let owners = frame.context.owners(of: row.socket)
    if !owners.isEmpty { first.add("  \(FoldedOwners.text(owners, most: 8))") }
    return [first] + facts(row)
  }

  private static let facts = [
    "queue", "oldest", "median", "abandoned", "unread", "syn", "drops", "drops-per-s", "accepted",
    "shard",
  ]

  /// As many lines as it takes.
  private func facts(_ row: ListenRow) -> [ScreenLine] {
    var lines = [frame.line()]
    for column in Self.facts.compactMap({ ColumnSet.listeners[$0] }) {
      let value = column.value(row, frame.context)
      if value == .unknown { continue }
      var writer = ByteWriter(capacity: 64)
      value.append(to: &writer)
      if column.name == "queue", row.isFull { writer.append(" FULL") }
      let text = writer.text
      let wide = column.heading.count + 1 + DisplayWidth.of(text)
      if lines[lines.count - 1].width + wide > frame.style.width { lines.append(frame.line()) }
      let tone = column.tone?(row, frame.context) ?? .plain
      lines[lines.count - 1].add("\(column.heading) ", .faint)
      lines[lines.count - 1].add(text, tone)
      lines[lines.count - 1].add("  ")
    }
    return lines
  }

  private func history(_ key: ListenerKey) -> [ScreenLine] {
    let label = "Fill "
    let width = max(10, min(frame.style.width - label.count, History.usualCapacity))
    let time = Sparkline.cellTime(width: width, interval: frame.state.interval)
    var line = frame.line(label, .faint)
    let cells = Sparkline.cells(
      frame.history[key], width: width, cellTime: time, now: frame.sample.moment,
      scale: .top(1000))
    line.add(cells)
    let span = AgeText.string(time * UInt64(width))
    return [line, frame.line("     the last \(span); ! it dropped", .faint)]
  }

  private func waiting(_ sample: ListenerDetails) -> [ScreenLine] {
    var heading = frame.line()
    heading.addHeading("Waiting (\(sample.row.queue?.length ?? 0))")
    var writer = ByteWriter(capacity: 4096)
    AcceptQueueLines(sample.row, frame.context, Palette(isColoured: false)).append(to: &writer)
    let lines = writer.text.split(separator: "\n").map { frame.line(String($0.dropFirst(2))) }
    return [heading] + (lines.isEmpty ? [frame.line("  none", .faint)] : lines)
  }

  private func threads(_ sample: ListenerDetails) -> [ScreenLine] {
    let list = sample.threads
    var heading = frame.line()
    heading.addHeading("Threads of its owners (\(list.threads.count + list.others))")
    var lines = list.threads.map { ThreadLine.line($0, list.listener, frame) }
    if lines.isEmpty { lines.append(frame.line("  no owner is known", .faint)) }
    if list.others > 0 { lines.append(frame.line("  and \(list.others) more", .faint)) }
    if list.denied > 0 {
      let remedy = CurrentProcess.isRoot ? "" : "; run as root"
      lines.append(
        frame.line(
          "  system calls of \(list.denied) not shown: permission denied\(remedy)", .attention))
    }
    return [heading] + lines
  }

  private func gaps(_ sample: ListenerDetails) -> [ScreenLine] {
    sample.gaps.map { frame.line("note: \(SafeText.string($0.message))", .attention) }
  }
}

/// One thread: state, system call with its descriptor, where in the kernel it sleeps.
enum ThreadLine {
  static func line(
    _ thread: ThreadList.Thread, _ listener: UInt32, _ frame: WatchFrame
  ) -> ScreenLine {
    var line = frame.line("  ")
    let command = SafeText.string(thread.command)
    line.add("\(thread.number) \(command)", field: 23)
    line.space(1)
    line.add(state(thread.state), tone(thread.state), field: 10)
    line.space(1)
    line.add(call(thread, listener))
    if isHalted(thread.state), thread.call != nil { line.add("  (from before)", .faint) }
    if let wchan = thread.wchan { line.add("  in \(SafeText.string(wchan))", .faint) }
    return line
  }

  private static func call(_ thread: ThreadList.Thread, _ listener: UInt32) -> String {
    switch thread.call {
    case nil: return "-"
    case .running: return "running"
    case .outsideCall: return "outside of a system call"
    case .call:
      let name = thread.callName ?? ""
      guard let descriptor = thread.descriptor else { return name }
      let isListener = thread.file == Array("socket:[\(listener)]".utf8)
      let file = isListener ? "the listener" : thread.file.map(SafeText.string)
      return "\(name)(fd \(descriptor)\(file.map { ", \($0)" } ?? ""))"
    }
  }

  private static func isHalted(_ state: UInt8) -> Bool {
    state == UInt8(ascii: "T") || state == UInt8(ascii: "t")
  }

  private static func tone(_ state: UInt8) -> Palette.Tone { isHalted(state) ? .alarm : .plain }

  /// The kernel's letter, with its word.
  private static func state(_ state: UInt8) -> String {
    let word =
      switch Unicode.Scalar(state) {
      case "R": "running"
      case "S": "sleeps"
      case "D": "waits"
      case "T": "STOPPED"
      case "t": "TRACED"
      case "Z", "X": "ended"
      case "I": "idle"
      default: ""
      }
    return "\(SafeText.string([state])) \(word)"
  }
}
