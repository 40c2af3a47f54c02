import ProcNet
import Synchronization

/// A kernel that asks another one, and where a table says so lets something go wrong.
public final class FaultyKernel: Kernel {
  private let kernel: any Kernel
  /// The faults that are left.
  private let faults: Mutex<[Fault]>

  /// - Parameter faults: Of several that fit, the first that is not used up counts.
  public init(_ kernel: any Kernel, _ faults: [Fault]) {
    self.kernel = kernel
    self.faults = Mutex(faults)
  }

  public func read(
    _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    switch try next(.read, path) {
    case .failsAfter(let count, let number):
      try readPart(path, count, piece)
      throw KernelError("read", path, .system(number))
    case .shortPieces(let size): try readInPieces(path, max(size, 1), piece)
    default: try kernel.read(path, piece)
    }
  }

  public func entries(of folder: String) throws(KernelError) -> [FolderEntry] {
    _ = try next(.list, folder)
    return try kernel.entries(of: folder)
  }

  public func link(at path: String) throws(KernelError) -> [UInt8] {
    _ = try next(.link, path)
    return try kernel.link(at: path)
  }

  public func identity(of path: String) throws(KernelError) -> FileIdentity {
    _ = try next(.identity, path)
    return try kernel.identity(of: path)
  }

  public func walkDescriptors(
    ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
  ) throws(KernelError) {
    let path = "/proc/\(process)/fd"
    guard case .failsAfter(let count, let number) = try next(.walk, path) else {
      return try kernel.walkDescriptors(ofProcess: process, visit)
    }
    var left = count
    try kernel.walkDescriptors(ofProcess: process) { descriptor, link in
      if left > 0 { visit(descriptor, link) }
      left -= 1
    }
    throw KernelError("list", path, .system(number))
  }

  public func threadsWithOwnDescriptors(
    ofProcess process: Int32
  ) throws(KernelError) -> [Int32] { try kernel.threadsWithOwnDescriptors(ofProcess: process) }

  public func readMemory(
    ofProcess process: Int32, at address: UInt64, count: Int
  ) throws(KernelError) -> [UInt8] {
    let fault = try next(.memory, "/proc/\(process)/mem")
    let bytes = try kernel.readMemory(ofProcess: process, at: address, count: count)
    if case .shortPieces(let size) = fault { return Array(bytes.prefix(size)) }
    return bytes
  }

  public var architecture: Architecture? { kernel.architecture }
  public var isRoot: Bool { kernel.isRoot }

  public func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    guard let fault = try next(.ask, request.namespacePath ?? "") else {
      return try kernel.ask(request, datagram)
    }
    var passed = 0
    try kernel.ask(request) { (bytes) throws(KernelError) in
      if case .failsAfter(passed, let number) = fault {
        throw KernelError("receive", "the kernel's netlink answer", .system(number))
      }
      passed += 1
      return try datagram(Self.spoiled(bytes, fault).span)
    }
  }

  /// The fault that fits, unless it is used up; one that fails at once is thrown.
  private func next(
    _ operation: Fault.Operation, _ path: String
  ) throws(KernelError) -> Fault.Kind? {
    let kind = faults.withLock { faults -> Fault.Kind? in
      guard
        let index = faults.firstIndex(where: {
          $0.operation == operation && ($0.path ?? path) == path && $0.times != 0
        })
      else { return nil }
      if let times = faults[index].times { faults[index].times = times - 1 }
      return faults[index].kind
    }
    if case .fails(let number) = kind {
      throw KernelError(Self.attempt(operation), path, .system(number))
    }
    return kind
  }

  private static func attempt(_ operation: Fault.Operation) -> String {
    switch operation {
    case .read, .memory: "read"
    case .list, .walk: "list"
    case .link: "read link"
    case .identity: "look at"
    case .ask: "open"
    }
  }

  private func readPart(
    _ path: String, _ count: Int, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    var left = count
    try kernel.read(path) { (bytes) throws(KernelError) in
      let part = min(left, bytes.count)
      if part > 0 { try piece(bytes.extracting(0..<part)) }
      left -= part
    }
  }

  private func readInPieces(
    _ path: String, _ size: Int, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    try kernel.read(path) { (bytes) throws(KernelError) in
      for start in stride(from: 0, to: bytes.count, by: size) {
        try piece(bytes.extracting(start..<min(start + size, bytes.count)))
      }
    }
  }

  private static func spoiled(_ bytes: Span<UInt8>, _ fault: Fault.Kind) -> [UInt8] {
    var datagram = bytes.indices.map { bytes[$0] }
    switch fault {
    case .truncatedDatagram(let count): return Array(datagram.prefix(count))
    case .wrongLength(let length): FakeDatagram.put(length, into: &datagram, at: 0)
    case .interruptedDump:
      for start in FakeDatagram.messages(in: datagram) { datagram[start + 6] |= 0x10 }
    case .wrongSequence:
      for start in FakeDatagram.messages(in: datagram) { datagram[start + 8] ^= 0xFF }
    default: break
    }
    return datagram
  }
}
