import ProcNet
import TestSupport
import Testing

@testable import sockinspect

/// Whole pictures of scenes made by hand.
@Suite struct WatchPictureTests {
  private static let hostile = "/run/\u{1b}]0;evil\u{7}\u{202e}漢字\n.sock"

  private static var rows: [ListenRow] {
    var full = Socket.tcp(.listen, (0x7F00_0001, 9000), queues: (6, 5), inode: 7, cookie: 1)
    full.details = SocketDetails(drops: 42)
    let quiet = Socket.tcp(.listen, (0, 22), queues: (0, 128), inode: 8, cookie: 2)
    var unix = Socket.unix(.listen, path: hostile, inode: 9)
    unix.cookie = 3
    unix.queues = .accept(waiting: 0, limit: 4)
    let rate = EventRate(events: 3, interval: 1000)
    return [ListenRow(listener: Listener(socket: full), rate: rate)]
      + [quiet, unix].map { ListenRow(listener: Listener(socket: $0)) }
  }

  private static func frame(
    _ width: Int, _ height: Int, isColoured: Bool = true, isUnicode: Bool = true
  ) -> WatchFrame {
    let owners =
      [7: [Owner("se\u{1b}[2Jrver", 812, 3)], 9: [Owner("python3", 5, 4)]]
      as [UInt32: [Owner]]
    var frame = WatchFrame(
      style: ScreenStyle(
        width: width, height: height, isColoured: isColoured, isUnicode: isUnicode),
      state: WatchState(WatchOrder.cycle(nil), interval: 1000, filter: ""),
      context: RowContext(owners: owners))
    frame.sample = ListenersSample(moment: 5000, time: 1000, rows: rows)
    frame.rows = rows
    frame.state.page = frame.page
    frame.state.show(rows.map(\.listener.key))
    for row in rows {
      let moment = History.Moment(
        time: 5000, value: row.thousandths, isMarked: row.isDropping)
      frame.history.record([(row.listener.key, moment)])
    }
    return frame
  }

  private static func text(_ frame: WatchFrame) -> [String] {
    WatchScreen(frame).lines.map { String(decoding: $0.finished, as: UTF8.self) }
  }

  /// Without what our own colours are.
  private static func plain(_ line: String) -> String {
    line.replacing(#/\u{1b}\[[0-9;]*m/#, with: "")
  }

  @Test(
    "the filter is always seen, and what matches nothing is a warning", arguments: [60, 80, 200])
  func filter(width: Int) {
    var frame = Self.frame(width, 24)
    frame.state.accept(filter: ":9000 or " + String(repeating: "src 10.0.0.0/8 or ", count: 9))
    for typed in ["", "\t", "\t\t", "?"] {
      var reader = KeyReader()
      var other = frame
      for key in reader.take(Array(typed.utf8)) { _ = other.state.press(key) }
      #expect(Self.plain(Self.text(other)[1]).hasPrefix("filter: :9000 or src "))
    }
    frame.state.accept(filter: ":1")
    frame.rows = []
    (frame.sample.rows, frame.sample.total) = ([], 3)
    let sentence = Self.text(frame)[1]
    #expect(Self.plain(sentence) == "filter: :1  filter matches none of 3 listeners")
    #expect(sentence.contains("\u{1b}[33mfilter matches none of 3 listeners"))
    frame.sample.total = 0
    #expect(Self.plain(Self.text(frame)[1]) == "filter: :1  nothing listens")
  }

  @Test("a mistake in a filter is marked as other commands mark it", arguments: [30, 80])
  func mistake(width: Int) throws {
    var frame = Self.frame(width, 24, isColoured: false)
    let text = "sport = :1 and fil >= lots"
    var state = WatchState(WatchOrder.cycle(nil), interval: 1000, filter: text)
    _ = state.press(.character("/"))
    state.refuse(
      FilterError("unknown word 'fil'", text: text, at: 15..<18, suggestion: "fill"))
    frame.state = state
    let lines = Self.text(frame).suffix(4).map { $0.replacing(#/ +$/#, with: "") }
    #expect(lines.joined(separator: " ").contains("did you"))
    #expect(lines[2].hasPrefix("/sport = :1 and fil >= lots_"))
    #expect(lines[3] == String(repeating: " ", count: 16) + "^~~")
    #expect(Self.text(frame).count == 24)
  }

  @Test("a mistake in a long filter is brought into sight")
  func longMistake() throws {
    var frame = Self.frame(40, 24, isColoured: false)
    let text = "fil >= 3 " + String(repeating: "and sport = :1 ", count: 9)
    frame.state = WatchState(WatchOrder.cycle(nil), interval: 1000, filter: text)
    _ = frame.state.press(.character("/"))
    frame.state.refuse(FilterError("unknown word 'fil'", text: text, at: 0..<3))
    let lines = Self.text(frame).suffix(2)
    #expect(
      lines.first?.hasPrefix("/fil >= 3 and") == true && lines.last?.hasPrefix(" ^~~") == true)
  }

  @Test("where there is room, the closer look is below the list or beside it")
  func split() throws {
    let stacked = Self.text(Self.frame(100, 40, isColoured: false))
    #expect(stacked[3].contains(":9000") && stacked[6].allSatisfy { $0 == "─" })
    #expect(stacked[7].hasPrefix("127.0.0.1:9000  se\\x1b[2Jrver (pid 812)"))
    #expect(stacked[8].hasPrefix("Queue 6/5 FULL"))
    let beside = Self.text(Self.frame(120, 24, isColoured: false))
    #expect(beside[2].contains("Queue ") && beside[2].contains(" │ 127.0.0.1:9000  se\\x1b"))
    #expect(beside[3].hasPrefix(">!127.0.0.1:9000") && beside[3].contains(" │ Queue 6/5 FULL"))
    let small = Self.text(Self.frame(119, 33, isColoured: false)).joined()
    #expect(!small.contains("Queue 6/5 FULL") && !small.contains("│"))
    var frame = Self.frame(120, 24, isColoured: false)
    _ = frame.state.press(.down)
    #expect(Self.text(frame)[2].contains(" │ 0.0.0.0:22"), "it follows the selection")
    _ = frame.state.press(.enter)
    #expect(!Self.text(frame).joined().contains("│"), "Enter gives it the whole screen")
  }

  @Test(
    "a diagnosis is read in the screen: no line is too long, none is lost",
    arguments: [80, 100, 132, 200], [true, false])
  func diagnosis(width: Int, isUnicode: Bool) throws {
    var arguments = DiagnoseArguments()
    arguments.common.recording = RecordedCase.path("server-redis-stopped.recording")
    let report = try DiagnoseCommand.answer(arguments).report
    var frame = Self.frame(width, 24, isUnicode: isUnicode)
    frame.diagnosis = WatchFrame.DiagnosisPage(words: [":6379"], answer: nil)
    frame.state.show(page: .diagnosis)
    let waiting = Self.text(frame).map(Self.plain)
    #expect(waiting[2] == "sockinspect diagnose :6379")
    #expect(waiting[3] == (isUnicode ? "Sampling, 1 s …" : "Sampling, 1 s ..."))
    frame.diagnosis?.answer = .report(report)
    let picture = WatchScreen(frame)
    let lines = picture.body.map { Self.plain(String(decoding: $0.finished, as: UTF8.self)) }
    #expect(lines.first?.hasPrefix("CRITICAL") == true, "\(lines)")
    var writer = ByteWriter(capacity: 4096)
    let page = TextPage(
      width: nil, palette: Palette(isColoured: false), style: TextStyle(isUnicode: isUnicode))
    DiagnosisText(page: page, showsAll: false, showsEvidence: false)
      .append(report, to: &writer)
    let words = { (text: String) in text.filter { !" \n`".contains($0) } }
    #expect(words(lines.joined()).count >= words(writer.text).count * 9 / 10)
    #expect(lines.contains { $0.contains("Check") } && picture.lines.count == 24)
    for line in picture.body { #expect(line.width <= width) }
    let isASCII = lines.joined().unicodeScalars.allSatisfy { $0.isASCII }
    #expect(isUnicode || isASCII)
    frame.diagnosis?.answer = .failed("no \u{1b}[2J")
    #expect(Self.plain(Self.text(frame)[3]) == "no \\x1b[2J")
  }

  @Test("Enter on a counter: what explain says, with its figures")
  func counter() {
    var frame = Self.frame(80, 24, isColoured: false)
    let netstat = "TcpExt: ListenDrops TCPReqQFullDrop\nTcpExt: 7 2\n"
    let kernel = FakeKernel().file("/proc/net/netstat", netstat)
      .file("/proc/net/snmp", "Tcp: RetransSegs\nTcp: 1\n")
    frame.counters.sample(in: [.here], through: kernel, at: 1000)
    frame.counters.sample(in: [.here], through: kernel, at: 2000)
    _ = frame.state.press(.character("3"))
    frame.state.counters = frame.counters.rows.map(\.counter.name)
    let list = Self.text(frame)
    #expect(list[3].hasPrefix("> ListenDrops ") && list[22].hasPrefix("ListenDrops: "))
    #expect(list.allSatisfy { $0.count <= 80 } && list[23].contains("Enter explain"))
    _ = frame.state.press(.enter)
    let page = Self.text(frame).joined(separator: "\n")
    #expect(page.contains("ListenDrops  (counter)") && page.contains("Rises each time"))
    #expect(page.contains("It is 7, 0.0 per second now."), "\(page)")
  }

  @Test("a recording says which sample is shown, when it was, and how to go on")
  func recorded() {
    var frame = Self.frame(80, 24, isColoured: false)
    frame.state.steps = RecordingSteps(count: 12)
    frame.state.steps?.move(by: 2)
    frame.sample.time = 1_764_252_131_000
    let lines = Self.text(frame)
    #expect(lines[0].hasSuffix("sample 3 of 12, 14:02:11Z on 2025-11-27"), "\(lines[0])")
    #expect(lines[23].contains("n b sample") && !lines[23].contains("pause"))
    frame.style.width = 62
    #expect(Self.text(frame)[0].hasSuffix("sample 3 of 12, 14:02:11Z"))
  }

  @Test(
    "a listener is named as diagnose takes it",
    arguments: [
      (.tcp(.listen, (0, 80)), ":80"), (.tcp(.listen, (0x7F00_0001, 9000)), "127.0.0.1:9000"),
      (.unix(.listen, path: "/run/x.sock", inode: 9), "/run/x.sock"),
      (.unix(.listen, path: "\0a b", inode: 9), "\"@a b\""),
      (
        .unix(.listen, path: WatchPictureTests.hostile, inode: 9),
        "\"/run/\\x1b]0;evil\\x07\\u202e漢字\\x0a.sock\""
      ),
      (.unix(.listen, path: nil, inode: 9), "inode:9"),
    ] as [(Socket, String)])
  func target(socket: Socket, words: String) throws {
    #expect(ListenerTarget.words(for: socket, isAmongNamespaces: false) == [words])
    var other = socket
    other.namespace = 7
    #expect(
      ListenerTarget.words(for: other, isAmongNamespaces: true) == ["\(words) and netns = 7"])
    let filter = try Filter.parse([words], ParseContext())
    #expect(filter.matches(socket, UnknownContext()))
  }

  @Test(
    "every view fills the screen and no more, and no name gets at the terminal",
    arguments: [(30, 6), (46, 9), (80, 24), (100, 30), (132, 24), (100, 40), (200, 60)]
      as [(Int, Int)],
    ["", "\t", "\t\t", "?", "\r"])
  func sizes(size: (Int, Int), typed: String) {
    for isUnicode in [true, false] {
      var frame = Self.frame(size.0, size.1, isUnicode: isUnicode)
      var reader = KeyReader()
      for key in reader.take(Array(typed.utf8)) { _ = frame.state.press(key) }
      frame.detail = nil
      let picture = WatchScreen(frame)
      #expect(picture.lines.count == size.1)
      for line in picture.lines {
        #expect(line.width <= size.0)
        let text = Self.plain(String(decoding: line.finished, as: UTF8.self))
        let isHarmless = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202e}" }
        let isASCII = text.unicodeScalars.allSatisfy { $0.isASCII }
        #expect(isHarmless && (isUnicode || isASCII), "\(text)")
      }
    }
  }

  @Test("a row says in characters what it says in colour")
  func row() throws {
    let lines = Self.text(Self.frame(80, 24, isColoured: false))
    let row = try #require(lines.first { $0.contains(":9000") })
    #expect(row.hasPrefix(">!127.0.0.1:9000") && row.contains("6/5 ██FULL██"))
    #expect(row.contains("! ") && row.contains("42") && row.contains("3.0"))
    let wide = Self.text(Self.frame(200, 24, isColoured: false))
    #expect(wide.contains { $0.contains("\\x1b]0;evil\\x07\\u202e漢字\\x0a.sock") })
    #expect(wide.contains { $0.contains("se\\x1b[2Jrver (pid 812)") })
    #expect(lines[22].hasPrefix("127.0.0.1:9000  se\\x1b[2Jrver (pid 812)  accepted "))
  }

  @Test(
    "a screen that is too small says so", arguments: [(29, 24), (80, 5), (3, 1)] as [(Int, Int)])
  func tooSmall(width: Int, height: Int) {
    let lines = Self.text(Self.frame(width, height, isColoured: false))
    #expect(lines == [String("too small: 30x6 needed, q quits".prefix(width))])
  }

  @Test("threads: state, call with its descriptor, a hint; what is denied is told")
  func threads() {
    let stat = "811 (demo) S 1 1 1 0 -1 64 0 0 0 0 1 2 0 0 20 0 1 0 99 0 0\n"
    let stopped = stat.replacing("811", with: "812").replacing(" S ", with: " T ")
    let kernel = FakeKernel()
      .file("/proc/811/stat", stat)
      .folder("/proc/811/task", ["811/", "812/", "813/"])
      .file("/proc/811/task/811/stat", stat).file("/proc/811/task/811/status", "Name:\tdemo\n")
      .file("/proc/811/task/812/stat", stopped).file("/proc/811/task/812/status", "Name:\tdemo\n")
      .file("/proc/811/task/812/wchan", "do_signal_stop")
    let owners = [Owner("demo", 811, 3)]
    var list = ThreadList(
      of: owners, OwnerDescriptors(of: owners, through: kernel), through: kernel)
    #expect(list.threads.map(\.snapshot.thread) == [811, 812] && list.denied == 0)
    #expect(list.threads[1].snapshot.state == UInt8(ascii: "T"))
    #expect(list.threads[1].snapshot.wchan == Array("do_signal_stop".utf8))
    let call = "288 0x3 0x0 0x0 0x0 0x0 0x0 0x7ffd0c3a3ef8 0x7f2f\n"
    let busy = kernel.file("/proc/811/task/811/syscall", call)
      .process(811, [FakeDescriptor(3, "socket:[7]")])
    list = ThreadList(of: owners, OwnerDescriptors(of: owners, through: busy), through: busy)
    let frame = Self.frame(100, 24, isColoured: false)
    let line = ThreadLine.line(list.threads[0], [7: "the listener"], frame)
    let text = String(decoding: line.finished, as: UTF8.self)
    #expect(text == "  811 demo                S sleeps   accept4(fd 3, the listener)")
  }

  @Test("threads in poll: what they wait for, the first two of many")
  func polling() {
    let stat = "811 (demo) S 1 1 1 0 -1 64 0 0 0 0 1 2 0 0 20 0 1 0 99 0 0\n"
    // struct pollfd: descriptor 3, 5 or 6, POLLIN (1), nothing has come of it.
    let set = ([3, 5, 6] as [UInt8]).flatMap { [$0, 0, 0, 0, 1, 0, 0, 0] as [UInt8] }
    func kernel(_ count: Int) -> FakeKernel {
      FakeKernel()
        .file("/proc/811/stat", stat)
        .folder("/proc/811/task", ["811/"])
        .file("/proc/811/task/811/stat", stat)
        .file("/proc/811/task/811/status", "Name:\tdemo\n")
        .file(
          "/proc/811/task/811/syscall",
          "7 0x1000 0x\(count) 0xffffffff 0x0 0x0 0x0 0x7ffd0c3a3ef8 0x7f2f\n"
        )
        .memory(811, at: 0x1000, set)
        .process(811, [FakeDescriptor(3, "socket:[7]"), FakeDescriptor(5, "pipe:[8]")])
    }
    func text(_ kernel: FakeKernel) -> String {
      let owners = [Owner("demo", 811, 3)]
      let list = ThreadList(
        of: owners, OwnerDescriptors(of: owners, through: kernel), through: kernel)
      let frame = Self.frame(100, 24, isColoured: false)
      let lines = list.threads.map { ThreadLine.line($0, [7: "database (pid 9)"], frame) }
      return lines.map { String(decoding: $0.finished.dropFirst(37), as: UTF8.self) }.joined()
    }
    #expect(text(kernel(1)) == "poll(fd 3, database (pid 9))")
    #expect(text(kernel(3)) == "poll(fd 3, database (pid 9); fd 5, pipe:[8] and 1 more)")
  }

  @Test("counts are carried over, but not to a queue that is empty by now")
  func carried() {
    var earlier = Self.rows[0].listener
    earlier.connections = [.established: 3]
    earlier.acceptQueue?.oldest = 1500
    var now = Self.rows[0].listener
    now.takeCounts(of: earlier)
    #expect(now.connections == [.established: 3] && now.acceptQueue?.oldest == 1500)
    var empty = Self.rows[1].listener
    empty.takeCounts(of: earlier)
    #expect(empty.acceptQueue?.oldest == nil && empty.acceptQueue?.abandoned == 0)
    var new = Self.rows[0].listener
    new.takeCounts(of: nil)
    #expect(new.connections == nil && new.synQueue == nil && new.acceptQueue?.oldest == nil)
  }
}
