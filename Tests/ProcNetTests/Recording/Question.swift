import ProcNet
import TestSupport

/// One thing that can be asked of a kernel, so that two kernels can be compared.
enum Question: Hashable, Sendable {
  case file(String)
  case folder(String)
  case link(String)
  case identity(String)
  case descriptors(Int32)
  case memory(process: Int32, address: UInt64, count: Int)
  case dump(family: UInt8, protocolNumber: UInt8, namespace: String?)

  /// What a kernel answered, whole.
  enum Reply: Equatable {
    case bytes([UInt8])
    case entries([FolderEntry])
    case identity(FileIdentity)
    case descriptors([FakeDescriptor])
    case datagrams([[UInt8]])
    case failure(KernelError)
  }

  func put(to kernel: any Kernel) -> Reply {
    do throws(KernelError) {
      return try reply(of: kernel)
    } catch {
      return .failure(error)
    }
  }

  private func reply(of kernel: any Kernel) throws(KernelError) -> Reply {
    switch self {
    case .file(let path): return .bytes(try kernel.contents(of: path, limit: .max))
    case .folder(let path): return .entries(try kernel.entries(of: path))
    case .link(let path): return .bytes(try kernel.link(at: path))
    case .identity(let path): return .identity(try kernel.identity(of: path))
    case .descriptors(let process):
      var found: [FakeDescriptor] = []
      try kernel.walkDescriptors(ofProcess: process) { number, link in
        found.append(FakeDescriptor(number, link.indices.map { link[$0] }))
      }
      return .descriptors(found)
    case .memory(let process, let address, let count):
      return .bytes(try kernel.readMemory(ofProcess: process, at: address, count: count))
    case .dump:
      var datagrams: [[UInt8]] = []
      try kernel.ask(request()) { (datagram) throws(KernelError) in
        datagrams.append(datagram.indices.map { datagram[$0] })
        return Self.isLast(datagram) ? .complete : .more
      }
      return .datagrams(datagrams)
    }
  }

  /// A dump request; nothing else has one.
  func request(sequence: UInt32 = 1) -> NetlinkRequest {
    guard case .dump(let family, let protocolNumber, let namespace) = self else {
      return NetlinkRequest(subsystem: .socketDiagnosis, message: [])
    }
    let body = [family, protocolNumber] + [UInt8](repeating: 0xFF, count: 54)
    return NetlinkRequest(
      subsystem: .socketDiagnosis, namespacePath: namespace,
      message: FakeDatagram.message(type: 20, flags: 0x301, sequence: sequence, body))
  }

  /// `NLMSG_DONE` or `NLMSG_ERROR` as the first message.
  private static func isLast(_ datagram: Span<UInt8>) -> Bool {
    datagram.count >= 6 && (datagram[4] == 3 || datagram[4] == 2) && datagram[5] == 0
  }
}

/// Makes a recording of what a kernel answers to questions.
func record(
  _ questions: [Question], of kernel: any Kernel, to path: String
) throws(KernelError) {
  let header = RecordingHeader(
    time: 1_795_404_167_123, host: Array("web-1".utf8), kernelRelease: Array("6.18.0".utf8),
    program: "1.0")
  let writer = try RecordingWriter(to: path, header: header)
  let recording = RecordingKernel(kernel, into: writer)
  for question in questions { _ = question.put(to: recording) }
  try writer.finish()
}
