import Testing

@testable import ProcNet

/// What we ask, byte for byte; ss asks the same up to its sequence number and extensions, as a
/// trace of its system calls shows.
@Suite("Requests to sock_diag") struct DiagRequestTests {
  @Test("every TCP socket over IPv4, with all details")
  func internet() {
    let expected = HexDump(
      """
      48 00 00 00             ;  0 nlmsg_len: 72
      14 00                   ;  4 nlmsg_type: SOCK_DIAG_BY_FAMILY
      01 03                   ;  6 nlmsg_flags: NLM_F_REQUEST | NLM_F_DUMP
      01 00 00 00             ;  8 nlmsg_seq
      00 00 00 00             ; 12 nlmsg_pid: the kernel knows who we are
      02                      ; 16 sdiag_family: AF_INET
      06                      ; 17 sdiag_protocol: IPPROTO_TCP
      7f                      ; 18 idiag_ext: MEMINFO INFO VEGASINFO CONG TOS TCLASS SKMEMINFO
      00                      ; 19 pad
      ff 0f 00 00             ; 20 idiag_states: all but BOUND_INACTIVE
      00 00 00 00             ; 24 idiag_sport, idiag_dport
      00 00 00 00 00 00 00 00 ; 28 idiag_src
      00 00 00 00 00 00 00 00 ; 36
      00 00 00 00 00 00 00 00 ; 44 idiag_dst
      00 00 00 00 00 00 00 00 ; 52
      00 00 00 00             ; 60 idiag_if
      00 00 00 00 00 00 00 00 ; 64 idiag_cookie
      """
    ).bytes
    #expect(DiagRequest.internet(.tcp, .inet, states: .all, details: .all) == expected)
  }

  @Test("family, protocol, extensions and states are what differs between requests")
  func differences() {
    for (netid, family, states, details, expected) in [
      (.udp, .inet6, .all, [], "0a 11 00 00 ff 0f 00 00"),
      (.raw, .inet, .listening, [], "02 ff 00 00 80 04 00 00"),
      (.tcp, .inet, StateSet(.listen), .memory, "02 06 41 00 00 04 00 00"),
      (.tcp, .inet6, StateSet(.boundInactive), .tcp, "0a 06 0e 00 00 20 00 00"),
      (.tcp, .inet, .usual, .attributes, "02 06 30 00 37 0b 00 00"),
    ] as [(Netid, AddressFamily, StateSet, SocketQuery.Details, String)] {
      let request = DiagRequest.internet(netid, family, states: states, details: details)
      #expect(Array(request[16..<24]) == HexDump(expected).bytes)
      #expect(request.count == 72)
      #expect(request[24...].allSatisfy { $0 == 0 })
    }
  }

  @Test("byte code follows as INET_DIAG_REQ_BYTECODE, and the length counts it")
  func program() {
    let code: [UInt8] = [1, 4, 8, 0, 2, 4, 12, 0]
    let request = DiagRequest.internet(.tcp, .inet, states: .all, details: [], program: code)
    #expect(Array(request.prefix(4)) == [84, 0, 0, 0])
    #expect(Array(request[72...]) == [12, 0, 1, 0] + code)
    #expect(request.count == 84)
  }

  @Test("unix sockets")
  func unix() {
    let expected = HexDump(
      """
      28 00 00 00  14 00  01 03  01 00 00 00  00 00 00 00 ; nlmsghdr: 40 bytes
      01 00 00 00             ; 16 sdiag_family: AF_UNIX, protocol, pad
      ff 0f 00 00             ; 20 udiag_states
      00 00 00 00             ; 24 udiag_ino
      7f 00 00 00             ; 28 udiag_show: NAME VFS PEER ICONS RQLEN MEMINFO UID
      00 00 00 00 00 00 00 00 ; 32 udiag_cookie
      """
    ).bytes
    #expect(DiagRequest.unix(states: .all, details: .all) == expected)
    // NAME, PEER and RQLEN belong to the row itself.
    #expect(DiagRequest.unix(states: .all, details: [])[28] == 0x15)
    #expect(DiagRequest.unix(states: .all, details: .memory)[28] == 0x35)
    #expect(DiagRequest.unix(states: StateSet(.listen), details: [])[20..<22] == [0, 4])
  }

  @Test("packet sockets")
  func packet() {
    let expected = HexDump(
      """
      24 00 00 00  14 00  01 03  01 00 00 00  00 00 00 00 ; nlmsghdr: 36 bytes
      11 00 00 00             ; 16 sdiag_family: AF_PACKET, protocol, pad
      00 00 00 00             ; 20 pdiag_ino
      1d 00 00 00             ; 24 pdiag_show: INFO RING_CFG FANOUT MEMINFO
      00 00 00 00 00 00 00 00 ; 28 pdiag_cookie
      """
    ).bytes
    #expect(DiagRequest.packet() == expected)
  }
}
