import ProcNet
import Testing

@testable import Diagnosis

/// Whose turn it is on a connection.
@Suite("Whose turn it is")
struct ConversationTests {
  /// Milliseconds since this end sent and received, and data segments in both directions; nil for
  /// a kernel that does not count segments (before Linux 4.6).
  private func conversation(
    sent: UInt64 = 5000, received: UInt64 = 5000, segments: (UInt64, UInt64)? = (1, 1),
    state: SocketState = .established, unread: UInt32 = 0, unsent: UInt32 = 0
  ) -> Conversation? {
    var socket = Socket.tcp(state, 9000, 50_000, inode: 1, received: unread, sent: unsent)
    var figures = TCPInfo.with([
      .lastDataSent: sent, .lastDataRecv: received, .dataSegsIn: segments?.0 ?? 0,
      .dataSegsOut: segments?.1 ?? 0,
    ])
    if segments == nil { figures = TCPInfo(bytes: Array(figures.bytes.prefix(104))) }
    socket.details = SocketDetails(tcp: figures)
    return Conversation(socket)
  }

  @Test("who sent last waits for the other")
  func turns() {
    let ours = conversation(sent: 9000, received: 4000)
    #expect(ours?.turn == .ours && ours?.owing == 4000 && ours?.asking == nil)
    let theirs = conversation(sent: 4000, received: 9000)
    #expect(theirs?.turn == .theirs && theirs?.asking == 4000 && theirs?.owing == nil)
    #expect(ours?.idle == 4000 && theirs?.idle == 4000)
  }

  @Test("within one tick of the clock either may have come last")
  func ties() {
    for (sent, received) in [(5000, 5000), (5000, 5010), (5010, 5000)] as [(UInt64, UInt64)] {
      let tie = conversation(sent: sent, received: received)
      #expect(tie?.turn == .either && tie?.owing == received && tie?.asking == sent)
    }
    #expect(conversation(sent: 5000, received: 5011)?.turn == .theirs)
    #expect(conversation(sent: 5011, received: 5000)?.turn == .ours)
    // Figures of any size.
    #expect(conversation(sent: 0, received: UInt64(UInt32.max))?.turn == .theirs)
  }

  @Test("where data went one way only, the other side is to answer, unless it is a stream")
  func directions() {
    #expect(conversation(segments: (0, 0))?.turn == .quiet)
    #expect(conversation(segments: (0, 0))?.owing == nil)
    // The ages count from the handshake where nothing went that way.
    #expect(conversation(received: 4995, segments: (1, 0))?.turn == .ours)
    #expect(conversation(sent: 4995, segments: (0, 1))?.turn == .theirs)
    #expect(conversation(segments: (63, 0))?.turn == .ours)
    for stream in [conversation(segments: (64, 0)), conversation(segments: (0, 64))] {
      #expect(stream?.turn == .oneWay && stream?.owing == nil && stream?.asking == nil)
    }
    #expect(conversation(sent: 9000, segments: (5000, 1))?.turn == .ours)
  }

  @Test("a kernel that does not count segments leaves the ages")
  func oldKernel() {
    #expect(conversation(sent: 9000, received: 4000, segments: nil)?.turn == .ours)
    #expect(conversation(sent: 4000, received: 9000, segments: nil)?.turn == .theirs)
    #expect(conversation(segments: nil)?.turn == .either)
  }

  @Test("bytes that are not read, or not sent, come before all ages")
  func queues() {
    #expect(conversation(sent: 9000, received: 4000, unread: 1)?.turn == .unread)
    #expect(conversation(sent: 4000, received: 9000, unsent: 1)?.turn == .unsent)
    #expect(conversation(unread: 1, unsent: 1)?.turn == .unread)
    #expect(conversation(segments: (0, 0), unread: 1)?.owing == nil)
  }

  @Test("the end of the peer's data counts as a byte, and is none")
  func halfClosed() {
    let left = conversation(sent: 9000, received: 4000, state: .closeWait, unread: 1)
    #expect(left?.turn == .ours && left?.isHalfClosed == true)
    #expect(conversation(state: .closeWait, unread: 2)?.turn == .unread)
    #expect(conversation(sent: 9000, received: 4000)?.isHalfClosed == false)
    // Who hangs up right after an exchange has got the answer.
    let tie = conversation(state: .closeWait, unread: 1)
    #expect(tie?.turn == .either && tie?.owing == nil && tie?.asking == 5000)
  }

  @Test("no conversation: other states, other protocols, and rows without figures")
  func none() {
    for state in [.synSent, .synReceived, .finWait1, .timeWait, .listen, .close] as [SocketState] {
      #expect(conversation(state: state) == nil, "\(state)")
    }
    var socket = Socket.tcp(.established, 9000, 50_000, inode: 1)
    #expect(Conversation(socket) == nil)
    socket.details = SocketDetails(tcp: TCPInfo(bytes: []))
    #expect(Conversation(socket) == nil)
    socket.details = SocketDetails(tcp: .with([.lastDataSent: 1]))
    socket.netid = .udp
    #expect(Conversation(socket) == nil)
    #expect(Conversation(.unix(.unixStream, .established, inode: 1, peer: 2)) == nil)
  }
}
