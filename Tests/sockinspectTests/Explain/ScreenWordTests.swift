import Foundation
import Testing

@testable import sockinspect

/// Words as they are copied from the screen, values and all.
@Suite("Words of the screen")
struct ScreenWordTests {
  @Test(
    "are understood as they stand",
    arguments: [
      ("ESTAB", "ESTAB"), ("established", "ESTAB"), ("TIME_WAIT", "TIME-WAIT"),
      ("Recv-Q", "recv-q"), ("recv_q", "recv-q"), ("timer:(on,520ms,2)", "on timer"),
      ("timer:(keepalive,119min,0)", "keepalive timer"), ("skmem:(r0,rb131072,d15)", "skmem"),
      ("d15", "d"), ("rb131072,", "rb"), ("TcpExtListenDrops", "TcpExtListenDrops"),
      ("ListenDrops", "TcpExtListenDrops"), ("accept-queue-full", "accept-queue-full"),
      ("queued", "queued queued"), ("(queued)", "queued"), ("(queued for 2.8 s)", "queued queued"),
      ("rtt:0.204/0.1", "rtt-us rtt-us"), ("rwnd_limited:200ms(3.1%)", "rwnd-limited-us"),
      ("users:((\"nginx\",pid=1,fd=3))", "users"), ("uid:1000", "uid uid uid"),
      ("cwnd:10", "snd-cwnd"), ("pacing_rate", "pacing-rate-bytes-per-s"),
      ("app_limited", "delivery-rate-app-limited"), ("-->", "shutdown"),
      ("bbr:(bw:12bps,mrtt:1)", "bbr"), ("The accept queue is full", "accept-queue-full"),
    ])
  func understood(word: String, names: String) {
    let found = ScreenWord(word).topics(in: .all).map(\.name)
    let wanted = names.split(separator: " ").map(String.init)
    #expect(found.first == wanted.first, "\(found)")
    #expect(Set(wanted).isSubset(of: found), "\(found)")
  }

  @Test("nonsense means nothing, and a typo is near to something")
  func unknown() {
    #expect(ScreenWord("xyzzy").topics(in: .all).isEmpty)
    #expect(ScreenWord("").topics(in: .all).isEmpty)
    #expect(ScreenWord("((((").topics(in: .all).isEmpty)
    #expect(TopicIndex.all.nearest(to: "ListenDorps") == "ListenDrops")
    #expect(TopicIndex.all.nearest(to: "acept-queue-full") == "accept-queue-full")
    #expect(TopicIndex.all.nearest(to: "xyzzyplugh") == nil)
  }

  @Test("a topic is a heading, paragraphs, lists and commands in the width of the screen")
  func screen() throws {
    let topic = try #require(TopicIndex.all.named("close-wait-leak").first)
    let text = TopicScreen(width: 60, palette: Palette(isColoured: false)).text(topic)
    #expect(text.hasPrefix("close-wait-leak  (finding)\n\n  Peers hung up"))
    #expect(
      text.contains("\n  Do      - Correct the program:"))
    #expect(text.contains("\n  Don't   - look for a kernel"))
    #expect(text.contains("\n  Look    ss -tanp state close-wait | grep pid=PID,\n"))
    let prose = text.components(separatedBy: "\n  Look")[0]
    #expect(prose.split(separator: "\n").allSatisfy { $0.count <= 60 })
    #expect(!text.contains("`"))
  }

  @Test("the heading says under which names a topic is met")
  func heading() throws {
    let topic = try #require(TopicIndex.all.named("rtt").first)
    let text = TopicScreen(width: 80, palette: Palette(isColoured: false)).text(topic)
    #expect(text.hasPrefix("rtt-us  (column of list, JSON key rtt_us, word behind a row rtt)\n"))
  }

  @Test("the list of topics has every group and every counter")
  func list() {
    let text = TopicScreen(width: 79, palette: Palette(isColoured: false)).list
    for group in Topic.Group.allCases { #expect(text.contains(group.title + "\n")) }
    #expect(text.contains("TcpExtListenDrops") && text.contains("accept-queue-full"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 79 })
  }
}
