import Glibc
import ProcNet

/// A raw TCP dump of sock_diag with a byte code program, without any of the tool's decoders.
enum LiveDump {
  /// The error number of a refused request.
  struct Refused: Error { let number: Int32 }

  /// Every TCP socket of both families that the kernel lists.
  static func sockets(_ program: [UInt8]?) throws -> [Socket] {
    try sockets(family: 2, program) + sockets(family: 10, program)
  }

  static var isPossible: Bool { (try? sockets(nil)) != nil }

  private static func sockets(family: UInt8, _ program: [UInt8]?) throws -> [Socket] {
    var found: [Socket] = []
    var refusal: Int32?
    let request = NetlinkRequest(
      subsystem: .socketDiagnosis, message: message(family: family, program))
    try LiveKernel().ask(request) { datagram in
      let bytes = (0..<datagram.count).map { datagram[$0] }
      var start = 0
      while start + 16 <= bytes.count {
        let length = Int(number(bytes, start))
        switch bytes[start + 4] {
        case 2:
          refusal = -Int32(bitPattern: number(bytes, start + 16))
          return .complete
        case 3: return .complete
        default: found.append(socket(Array(bytes[(start + 16)..<(start + length)])))
        }
        start += (length + 3) & ~3
      }
      return .more
    }
    if let refusal { throw Refused(number: refusal) }
    return found
  }

  /// `nlmsghdr`, `inet_diag_req_v2` for TCP in every state, `INET_DIAG_REQ_BYTECODE`.
  private static func message(family: UInt8, _ program: [UInt8]?) -> [UInt8] {
    var body: [UInt8] = [family, 6, 0, 0] + [0xFF, 0x0F, 0, 0]
    body += [UInt8](repeating: 0, count: 48)
    if let program {
      let length = UInt16(program.count + 4)
      body += [UInt8(length & 0xFF), UInt8(length >> 8), 1, 0] + program
    }
    let length = UInt32(body.count + 16)
    return (0..<4).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
      + [20, 0, 1, 3, 1, 0, 0, 0, 0, 0, 0, 0] + body
  }

  private static func number(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    (0..<4).reversed().reduce(0) { $0 << 8 | UInt32(bytes[offset + $1]) }
  }

  /// `inet_diag_msg`.
  private static func socket(_ bytes: [UInt8]) -> Socket {
    let family = AddressFamily(rawValue: bytes[0]) ?? .inet
    var socket = Socket(netid: .tcp, family: family, state: SocketState(rawValue: bytes[1]))
    let width = family == .inet ? 4 : 16
    socket.local = Endpoint(
      address: RandomSocket.address(Array(bytes[8..<8 + width])),
      port: UInt16(bytes[4]) << 8 | UInt16(bytes[5]))
    socket.peer = Endpoint(
      address: RandomSocket.address(Array(bytes[24..<24 + width])),
      port: UInt16(bytes[6]) << 8 | UInt16(bytes[7]))
    socket.cookie = UInt64(number(bytes, 44)) | UInt64(number(bytes, 48)) << 32
    return socket
  }
}

/// A few loopback sockets of every sort; closed when let go.
final class LoopbackSockets {
  private var descriptors: [Int32] = []
  private(set) var ports: Set<UInt16> = []

  init() throws {
    let v4 = try listener(AF_INET)
    let dual = try listener(AF_INET6)
    try connect(AF_INET, to: v4)
    try connect(AF_INET, to: v4)
    try connect(AF_INET6, to: dual)
    // IPv4 to the dual-stack listener: its side is a mapped address.
    try connect(AF_INET, to: dual)
  }

  deinit { for descriptor in descriptors { close(descriptor) } }

  private func open(_ family: Int32) throws -> Int32 {
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw LiveDump.Refused(number: errno) }
    descriptors.append(descriptor)
    return descriptor
  }

  private func listener(_ family: Int32) throws -> UInt16 {
    let descriptor = try open(family)
    var off: Int32 = 0
    if family == AF_INET6 { setsockopt(descriptor, ipv6Level, 26, &off, 4) }
    guard listen(descriptor, 16) == 0 else { throw LiveDump.Refused(number: errno) }
    return port(of: descriptor)
  }

  /// Left in the accept queue.
  private func connect(_ family: Int32, to port: UInt16) throws {
    let descriptor = try open(family)
    var bytes = [UInt8](repeating: 0, count: 28)
    bytes[0] = UInt8(family)
    bytes[2] = UInt8(port >> 8)
    bytes[3] = UInt8(port & 0xFF)
    if family == AF_INET {
      bytes.replaceSubrange(4..<8, with: [127, 0, 0, 1])
    } else {
      bytes[23] = 1
    }
    let result = bytes.withUnsafeBytes {
      Glibc.connect(
        descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        family == AF_INET ? 16 : 28)
    }
    guard result == 0 else { throw LiveDump.Refused(number: errno) }
    _ = self.port(of: descriptor)
  }

  private func port(of descriptor: Int32) -> UInt16 {
    var bytes = [UInt8](repeating: 0, count: 28)
    var length: socklen_t = 28
    _ = bytes.withUnsafeMutableBytes {
      getsockname(descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
    }
    let port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    ports.insert(port)
    return port
  }

  func owns(_ socket: Socket) -> Bool {
    ports.contains(socket.local.port)
      && (socket.peer.port == 0 || ports.contains(socket.peer.port))
  }

  private let ipv6Level: Int32 = 41
}
