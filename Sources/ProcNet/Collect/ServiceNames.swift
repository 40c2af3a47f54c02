/// The names of ports and of IP protocols, as `/etc/services` and `/etc/protocols` of the host that
/// is read have them.
///
/// The "port" of a raw socket is a protocol: 89 is `ospf` there, and not `su-mit-tg`.
public final class ServiceNames {
  private let kernel: any Kernel
  private lazy var services = Table("/etc/services", kernel)
  private lazy var protocols = Table("/etc/protocols", kernel)

  private struct Table {
    var entries: [ServiceFile.Entry] = []
    var failure: KernelError?

    init(_ path: String, _ kernel: any Kernel) {
      do throws(KernelError) {
        entries = ServiceFile(try kernel.contents(of: path, limit: 16 << 20)).entries
      } catch {
        failure = error
      }
    }
  }

  /// Reads nothing yet: each file is read when the first name is asked for.
  public init(through kernel: any Kernel) { self.kernel = kernel }

  /// What a port of these sockets is called; nil when it has no name, or none that is known. A
  /// protocol without a name is `ipproto-` and its number, as ss writes it.
  public func name(of port: UInt16, netid: Netid) -> [UInt8]? {
    guard netid == .raw else {
      let transport = Array((netid == .udp ? "udp" : "tcp").utf8)
      return services.entries.first { $0.number == port && $0.transport == transport }?.name
    }
    if let known = protocols.entries.first(where: { $0.number == port }) { return known.name }
    return protocols.failure == nil ? Array("ipproto-\(port)".utf8) : nil
  }

  /// What a word means as a port.
  public enum Search: Sendable, Equatable {
    /// A service of TCP or UDP, which is no raw socket's; a protocol, which only raw sockets have.
    case service(UInt16)
    /// The "port" of raw sockets.
    case ipProtocol(UInt16)
    /// Neither a service nor a protocol has this name.
    case missing
    /// It could not be looked up.
    case unknown(KernelError)
  }

  /// TCP's service where the tables hold TCP, else UDP's; of raw sockets the protocol.
  public func search(_ name: [UInt8], in netids: NetidSet) -> Search {
    let all = netids.intersection(.internet).isEmpty
    let transports: [(NetidSet, String)] = [(.tcp, "tcp"), (.udp, "udp")]
    let wanted = transports.filter { all || !$0.0.isDisjoint(with: netids) }
    for (_, transport) in wanted {
      let found = services.entries.first {
        $0.transport?.elementsEqual(transport.utf8) == true && Self.isCalled($0, name)
      }
      if let found { return .service(found.number) }
    }
    let takesRaw = all || netids.contains(.raw)
    if takesRaw, let found = protocols.entries.first(where: { Self.isCalled($0, name) }) {
      return .ipProtocol(found.number)
    }
    if takesRaw, let number = Self.numbered(name) { return .ipProtocol(number) }
    let failures = [
      wanted.isEmpty ? nil : services.failure, takesRaw ? protocols.failure : nil,
    ]
    return failures.compactMap(\.self).first.map(Search.unknown) ?? .missing
  }

  private static func isCalled(_ entry: ServiceFile.Entry, _ name: [UInt8]) -> Bool {
    entry.name == name || entry.aliases.contains(name)
  }

  /// `ipproto-254`.
  private static func numbered(_ name: [UInt8]) -> UInt16? {
    let start = Array("ipproto-".utf8)
    return name.starts(with: start) ? UInt16(procDigits: name.dropFirst(start.count)) : nil
  }
}

/// `/etc/services` and `/etc/protocols`: a name, a number, and other names, one entry a line.
///
///     http            80/tcp          www             # WorldWideWeb HTTP
///     ospf            89              OSPFIGP
private struct ServiceFile: Sendable, Equatable {
  struct Entry: Sendable, Equatable {
    var name: [UInt8]
    var number: UInt16
    /// `tcp`, `udp`; nil in `/etc/protocols`.
    var transport: [UInt8]?
    var aliases: [[UInt8]]
  }

  var entries: [Entry]

  /// Lines that are not what they should be are left out, as the C library leaves them out.
  init(_ text: [UInt8]) {
    entries = text.split(separator: 10).compactMap { line in
      let words = line.prefix { $0 != UInt8(ascii: "#") }.split { $0.isBlank }
      guard words.count > 1 else { return nil }
      let parts = words[1].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      guard parts.count <= 2, let number = UInt16(procDigits: parts[0]) else { return nil }
      return Entry(
        name: Array(words[0]), number: number,
        transport: parts.count == 2 ? Array(parts[1]) : nil,
        aliases: words.dropFirst(2).map(Array.init))
    }
  }
}
