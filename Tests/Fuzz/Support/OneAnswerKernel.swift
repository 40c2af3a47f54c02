import ProcNet

/// A kernel that answers every question with the same bytes.
struct OneAnswerKernel: Kernel {
  let answer: [UInt8]
  let pieceSize: Int

  /// The first byte of an input says in what pieces files arrive, the rest is the answer.
  init(_ input: Span<UInt8>) {
    pieceSize = input.isEmpty ? 1 : Int(input[0]) * 16 + 1
    answer = input.isEmpty ? [] : (1..<input.count).map { input[$0] }
  }

  func read(
    _ path: String, _ piece: (Span<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    var start = 0
    while start < answer.count {
      let end = min(start + pieceSize, answer.count)
      try piece(answer.span.extracting(start..<end))
      start = end
    }
  }

  func entries(of folder: String) throws(KernelError) -> [FolderEntry] { [] }
  func link(at path: String) throws(KernelError) -> [UInt8] { answer }

  func identity(of path: String) throws(KernelError) -> FileIdentity {
    FileIdentity(device: 0, inode: 0, size: Int64(answer.count))
  }

  func walkDescriptors(
    ofProcess process: Int32, _ visit: (Int32, Span<UInt8>) -> Void
  ) throws(KernelError) {
    visit(0, answer.span)
  }

  func readMemory(
    ofProcess process: Int32, at address: UInt64, count: Int
  ) throws(KernelError) -> [UInt8] {
    Array(answer.prefix(count))
  }

  /// All of it as one datagram; a dump that wants more has not been given its end.
  func ask(
    _ request: NetlinkRequest, _ datagram: (Span<UInt8>) throws(KernelError) -> AnswerProgress
  ) throws(KernelError) {
    if case .more = try datagram(answer.span) {
      throw KernelError("receive", "an answer", .malformed("it has no end"))
    }
  }
}
