import Testing

@testable import ProcNet

/// The decoders of Wire on structures that were filled in by the names of the installed headers.
@Suite struct WireLayoutTests {
  @Test("the sizes that decoders insist on are those of the headers")
  func sizes() {
    #expect(NetlinkMessage.headerSize == HeaderOracle.size(of: "nlmsghdr"))
    #expect(InetDiagMessage.size == HeaderOracle.size(of: "inet_diag_msg"))
    #expect(UnixDiagMessage.size == HeaderOracle.size(of: "unix_diag_msg"))
    #expect(PacketDiagMessage.size == HeaderOracle.size(of: "packet_diag_msg"))
  }

  @Test("a netlink header is read where the header puts its fields")
  func netlinkHeader() throws {
    var message = try HeaderStructure("nlmsghdr")
    try message.set("nlmsg_len", 16)
    try message.set("nlmsg_type", 0x1234)
    try message.set("nlmsg_flags", 0x5678)
    try message.set("nlmsg_seq", 0x9ABC_DEF0)
    let decoded = NetlinkMessage.header(in: message.bytes.span, at: 0)
    let header = try #require(decoded)
    #expect(header.length == 16)
    #expect(header.type == 0x1234)
    #expect(header.flags == 0x5678)
    #expect(header.sequence == 0x9ABC_DEF0)
  }

  @Test("every field of inet_diag_msg is read from its place")
  func internetMessage() throws {
    var message = try Self.internetMessage(family: 2)
    try message.set("id", "inet_diag_sockid", "idiag_src", [127, 0, 0, 1])
    try message.set("id", "inet_diag_sockid", "idiag_dst", [10, 1, 2, 3])
    let decoded = InetDiagMessage.decode(message.bytes.span, .tcp, details: [])
    let socket = try #require(decoded)
    #expect(socket.local == Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 0x1F90))
    #expect(socket.peer == Endpoint(address: IPAddress(v4: 0x0A01_0203), port: 0x01BB))
    #expect(socket.state == SocketState(rawValue: 10))
    #expect(socket.timer == SocketTimer(kind: 2, expires: 0xA1A2_A3A4, retransmits: 7))
    #expect(socket.queues.recvQ == 0xB1B2_B3B4)
    #expect(socket.queues.sendQ == 0xC1C2_C3C4)
    #expect(socket.uid == 0xD1D2_D3D4)
    #expect(socket.inode == 0xE1E2_E3E4)
    #expect(socket.interface == 3)
    #expect(socket.cookie == 0x0807_0605_0403_0201)
  }

  @Test("IPv6 addresses take the whole of their field")
  func internetAddresses() throws {
    var message = try Self.internetMessage(family: 10)
    try message.set("id", "inet_diag_sockid", "idiag_src", Array(1...16))
    try message.set("id", "inet_diag_sockid", "idiag_dst", Array(17...32))
    let decoded = InetDiagMessage.decode(message.bytes.span, .tcp, details: [])
    let socket = try #require(decoded)
    #expect(
      socket.local.address == IPAddress(v6High: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10))
    #expect(
      socket.peer.address == IPAddress(v6High: 0x1112_1314_1516_1718, low: 0x191A_1B1C_1D1E_1F20))
  }

  @Test("every field of unix_diag_msg and its attributes is read from its place")
  func unixMessage() throws {
    var message = try HeaderStructure("unix_diag_msg")
    for (field, value) in [
      ("udiag_family", 1), ("udiag_type", 1), ("udiag_state", 10), ("udiag_ino", 0x0102_0304),
      ("udiag_cookie", 0x1112_1314_1516_1718),
    ] as [(String, UInt64)] { try message.set(field, value) }
    try message.append(attribute: "UNIX_DIAG_NAME", Array("/run/a".utf8))
    try message.append(attribute: "UNIX_DIAG_PEER", [5, 0, 0, 0])
    try message.append(attribute: "UNIX_DIAG_RQLEN", [6, 0, 0, 0, 7, 0, 0, 0])
    try message.append(attribute: "UNIX_DIAG_UID", [8, 0, 0, 0])
    try message.append(attribute: "UNIX_DIAG_VFS", [9, 0, 0, 0, 10, 0, 0, 0])
    try message.append(attribute: "UNIX_DIAG_ICONS", [11, 0, 0, 0, 12, 0, 0, 0])
    try message.append(attribute: "UNIX_DIAG_SHUTDOWN", [3])
    let decoded = UnixDiagMessage.decode(message.bytes.span, details: .all)
    let socket = try #require(decoded)
    #expect(socket.inode == 0x0102_0304)
    #expect(socket.cookie == 0x1112_1314_1516_1718)
    #expect(socket.path == Array("/run/a".utf8))
    #expect(socket.peerInode == 5)
    #expect(socket.queues.recvQ == 6)
    #expect(socket.queues.sendQ == 7)
    #expect(socket.uid == 8)
    #expect(socket.details?.file == SocketFile(inode: 9, device: 10))
    #expect(socket.details?.waiting == [11, 12])
    #expect(socket.details?.shutdown == 3)
  }

  @Test("every field of packet_diag_msg is read from its place")
  func packetMessage() throws {
    var message = try HeaderStructure("packet_diag_msg")
    for (field, value) in [
      ("pdiag_family", 17), ("pdiag_type", 3), ("pdiag_num", 0x0800), ("pdiag_ino", 0x0102_0304),
      ("pdiag_cookie", 0x1112_1314_1516_1718),
    ] as [(String, UInt64)] { try message.set(field, value) }
    try message.append(attribute: "PACKET_DIAG_UID", [8, 0, 0, 0])
    let decoded = PacketDiagMessage.decode(message.bytes.span)
    let socket = try #require(decoded)
    #expect(socket.packetProtocol == 0x0800)
    #expect(socket.inode == 0x0102_0304)
    #expect(socket.cookie == 0x1112_1314_1516_1718)
    #expect(socket.uid == 8)
  }

  @Test(
    "attributes of inet_diag have the numbers of the header",
    arguments: [
      ("INET_DIAG_INFO", InetDiagAttributes.info),
      ("INET_DIAG_VEGASINFO", InetDiagAttributes.vegas),
      ("INET_DIAG_CONG", InetDiagAttributes.congestion),
      ("INET_DIAG_TOS", InetDiagAttributes.typeOfService),
      ("INET_DIAG_TCLASS", InetDiagAttributes.trafficClass),
      ("INET_DIAG_SKMEMINFO", InetDiagAttributes.memory),
      ("INET_DIAG_SHUTDOWN", InetDiagAttributes.shutdown),
      ("INET_DIAG_DCTCPINFO", InetDiagAttributes.dctcp),
      ("INET_DIAG_SKV6ONLY", InetDiagAttributes.v6Only),
      ("INET_DIAG_MARK", InetDiagAttributes.mark),
      ("INET_DIAG_BBRINFO", InetDiagAttributes.bbr),
      ("INET_DIAG_CLASS_ID", InetDiagAttributes.classID),
      ("INET_DIAG_ULP_INFO", InetDiagAttributes.upperLayer),
      ("INET_DIAG_CGROUP_ID", InetDiagAttributes.controlGroup),
      ("INET_DIAG_SOCKOPT", InetDiagAttributes.socketOptions),
    ])
  func attributeNumbers(name: String, number: UInt16) {
    #expect(HeaderOracle.constant(name) == Int(number))
  }

  /// A message with a different value in each field, and the addresses still to be set.
  private static func internetMessage(family: UInt64) throws -> HeaderStructure {
    var message = try HeaderStructure("inet_diag_msg")
    for (field, value) in [
      ("idiag_family", family), ("idiag_state", 10), ("idiag_timer", 2), ("idiag_retrans", 7),
      ("idiag_expires", 0xA1A2_A3A4), ("idiag_rqueue", 0xB1B2_B3B4),
      ("idiag_wqueue", 0xC1C2_C3C4), ("idiag_uid", 0xD1D2_D3D4), ("idiag_inode", 0xE1E2_E3E4),
    ] { try message.set(field, value) }
    try message.set("id", "inet_diag_sockid", "idiag_sport", [0x1F, 0x90])
    try message.set("id", "inet_diag_sockid", "idiag_dport", [0x01, 0xBB])
    try message.set("id", "inet_diag_sockid", "idiag_if", [3, 0, 0, 0])
    try message.set("id", "inet_diag_sockid", "idiag_cookie", [1, 2, 3, 4, 5, 6, 7, 8])
    return message
  }
}
