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
    "every view fills the screen and no more, and no name gets at the terminal",
    arguments: [(30, 6), (46, 9), (80, 24), (200, 60)] as [(Int, Int)],
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
    let wide = Self.text(Self.frame(160, 24, isColoured: false))
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
      .folder("/proc/811/task", ["811/", "812/", "813/"])
      .file("/proc/811/task/811/stat", stat)
      .file("/proc/811/task/812/stat", stopped)
      .file("/proc/811/task/812/wchan", "do_signal_stop")
      .link("/proc/811/fd/3", "socket:[7]")
    var list = ThreadList(of: [Owner("demo", 811, 3)], 7, through: kernel)
    #expect(list.threads.map(\.number) == [811, 812] && list.denied == 0)
    #expect(list.threads[1].state == UInt8(ascii: "T"))
    #expect(list.threads[1].wchan == Array("do_signal_stop".utf8))
    #if arch(x86_64)
      let call = "288 0x3 0x0 0x0 0x0 0x0 0x0 0x7f 0x7f\n"
    #else
      let call = "242 0x3 0x0 0x0 0x0 0x0 0x0 0x7f 0x7f\n"
    #endif
    list = ThreadList(
      of: [Owner("demo", 811, 3)], 7, through: kernel.file("/proc/811/task/811/syscall", call))
    let frame = Self.frame(100, 24, isColoured: false)
    let line = ThreadLine.line(list.threads[0], 7, frame)
    let text = String(decoding: line.finished, as: UTF8.self)
    #expect(text == "  811 demo                S sleeps   accept4(fd 3, the listener)")
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
