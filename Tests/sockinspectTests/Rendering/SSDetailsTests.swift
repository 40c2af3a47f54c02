import ProcNet
import Testing

@testable import sockinspect

@Suite("What stands behind a row") struct SSDetailsTests {
  private static let memory = SocketMemory(words: [1, 131072, 2, 87040, 3, 4, 5, 6, 7])

  private static func text(
    _ socket: Socket, _ facts: RowContext = RowContext(),
    _ set: (inout SSDetails) -> Void
  ) -> String {
    var details = SSDetails()
    details.oneLine = true
    set(&details)
    return written { details.append(socket, facts, to: &$0) }
  }

  @Test("-p names each holder, last found first, with names made safe")
  func owners() {
    let holders = [Owner("nginx", 813, 6), Owner("ng\u{1b}inx", 812, 6)]
    let socket = Socket.tcp(.listen, (0, 80), inode: 77)
    #expect(
      Self.text(socket, RowContext(owners: [77: holders])) { $0.processes = true }
        == #" users:(("nginx",pid=813,fd=6),("ng\x1binx",pid=812,fd=6))"#)
    #expect(Self.text(socket) { $0.processes = true } == "")
  }

  @Test("-m writes nine words, fewer on old kernels")
  func skmem() {
    let socket = Socket.tcp(.listen, (0, 80), details: SocketDetails(memory: Self.memory))
    #expect(
      Self.text(socket) { $0.memory = true }
        == " skmem:(r1,rb131072,t2,tb87040,f3,w4,o5,bl6,d7)")
    let old = SocketDetails(memory: SocketMemory(words: [1, 2, 3, 4, 5, 6, 7]))
    #expect(
      Self.text(.tcp(.listen, (0, 80), details: old)) { $0.memory = true }
        == " skmem:(r1,rb2,t3,tb4,f5,w6,o7)")
  }

  @Test("-m of TCP begins a line of its own unless -O was given")
  func ownLine() {
    let socket = Socket.tcp(.listen, (0, 80), details: SocketDetails(memory: Self.memory))
    let shown = Self.text(socket) {
      $0.memory = true
      $0.oneLine = false
    }
    #expect(shown == "\n\t skmem:(r1,rb131072,t2,tb87040,f3,w4,o5,bl6,d7)")
  }

  @Test("-o shows the timer that runs")
  func timer() {
    var socket = Socket.tcp(.established, (0, 80))
    socket.timer = SocketTimer(kind: 1, expires: 1204, retransmits: 3)
    #expect(Self.text(socket) { $0.timers = true } == " timer:(on,1.204ms,3)")
  }

  @Test("-e: root's uid and no mark are left out, the cookie is hexadecimal")
  func extended() {
    var socket = Socket.tcp(
      .established, (0, 80), inode: 5, cookie: 0x1F,
      details: SocketDetails(mark: 0, cgroupID: 9, shutdown: 1))
    socket.uid = 0
    let known = RowContext(group: "/system.slice/x.service")
    #expect(
      Self.text(socket, known) { $0.extended = true }
        == " ino:5 sk:1f cgroup:/system.slice/x.service -->")
    socket.uid = 33
    socket.isV6Only = true
    socket.details = SocketDetails(mark: 0x2A, cgroupID: 0xFF, shutdown: 0)
    #expect(
      Self.text(socket) { $0.extended = true }
        == " uid:33 ino:5 sk:1f fwmark:0x2a cgroup:unreachable:ff v6only:1 <->")
  }

  @Test(
    "the directions that are open", arguments: [(0, "<->"), (1, "-->"), (2, "<--"), (3, "---")])
  func shutdown(mask: UInt8, arrow: String) {
    #expect(written { SSExtended.appendShutdown(mask, to: &$0) } == " \(arrow)")
  }

  @Test("-e of a unix listener: its file's inode and device, and who waits")
  func unix() {
    let details = SocketDetails(
      memory: Self.memory, shutdown: 0, waiting: [41, 42],
      file: SocketFile(inode: 99, device: 0xFE01))
    let socket = Socket.unix(.listen, path: "/run/x", inode: 7, details: details)
    #expect(
      Self.text(socket) { $0.extended = true } == " <-> ino:99 dev:254/1 peers: 41 42")
    #expect(
      Self.text(socket) { $0.memory = true } == " skmem:(r1,rb131072,t2,tb87040,f3,w4,o5,bl6,d7)")
  }

  private static let packet: PacketDetails = {
    var packet = PacketDetails()
    packet.version = 2
    packet.copyThreshold = 64
    packet.flags = 1 | 2 | 16
    packet.receiveRing = PacketDetails.Ring(words: [4096, 8, 2048, 16, 60, 0, 1])
    packet.sendRing = PacketDetails.Ring(words: [8192, 1, 1024, 8, 0, 0, 0])
    packet.fanout = 0x0002_0005
    return packet
  }()

  @Test("-e of a packet socket: what it captures with, rings and fanout")
  func packetRings() {
    var socket = Socket(netid: .packetRaw, family: .packet, state: .close)
    socket.inode = 3
    socket.cookie = 1
    socket.details = SocketDetails(packet: Self.packet)
    let pieces = [
      " ino:3 sk:1", "ver:2 cpy_thresh:64 flags( running auxdata loss )",
      "ring_rx(blk_size:4096,blk_nr:8,frm_size:2048,frm_nr:16,tmo:60,features:0x1)",
      "ring_tx(blk_size:8192,blk_nr:1,frm_size:1024,frm_nr:8,tmo:0,features:0x0)",
      "fanout(id:5,type:cpu)",
    ]
    #expect(Self.text(socket) { $0.extended = true } == pieces.joined(separator: " "))
    let lines = Self.text(socket) {
      $0.extended = true
      $0.oneLine = false
    }
    #expect(lines == pieces.joined(separator: "\n\t"))
  }

  @Test("nothing was asked for, so nothing is written")
  func nothing() {
    let socket = Socket.tcp(.listen, (0, 80), details: SocketDetails(memory: Self.memory))
    #expect(Self.text(socket) { _ in } == "")
  }
}
