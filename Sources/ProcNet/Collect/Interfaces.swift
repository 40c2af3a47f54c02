/// The network interfaces of a namespace by index and by name.
public struct Interfaces: Sendable, Equatable {
  private var names: [UInt32: [UInt8]] = [:]
  private var indices: [[UInt8]: UInt32] = [:]

  init(_ links: [InterfacesMessage.Link]) {
    for link in links {
      names[link.index] = link.name
      indices[link.name] = link.index
    }
  }

  /// Asks the kernel; without an answer there are none, and a gap says why.
  public init(
    in namespace: NamespacePlace = .here, through kernel: any Kernel, gaps: inout [Gap]
  ) {
    do throws(KernelError) {
      self.init(try Self.links(in: namespace, through: kernel))
    } catch {
      self.init([])
      gaps.append(Gap(missing: "interface names", reason: error.message))
    }
  }

  /// The name of an interface, up to 15 bytes of nearly anything.
  public func name(of index: UInt32) -> [UInt8]? { names[index] }
  public func index(of name: [UInt8]) -> UInt32? { indices[name] }

  /// Again when interfaces came or went meanwhile; the third answer counts, changed or not.
  private static func links(
    in namespace: NamespacePlace, through kernel: any Kernel
  ) throws(KernelError) -> [InterfacesMessage.Link] {
    let request = NetlinkRequest(
      subsystem: .route, namespacePath: namespace.path, message: InterfacesMessage.request)
    var dump = InterfacesMessage()
    for _ in 0..<3 {
      dump = InterfacesMessage()
      try kernel.ask(request) { (datagram) throws(KernelError) in try dump.take(datagram) }
      if !dump.wasInterrupted { break }
    }
    return dump.links
  }
}
