// Seeds: /proc/self/syscall
@testable import ProcNet

/// A system call with any number and arguments, which point to memory with any contents.
func fuzz(_ input: Span<UInt8>) {
  guard input.count >= 32 else { return }
  let kernel = OneAnswerKernel(input.extracting(32..<input.count))
  // Arguments of one byte are the likely ones: descriptors, operations and counts.
  let small = (0..<6).map { UInt64(input[$0 + 2]) }
  let large = (0..<3).map { input.number64(at: 8 + $0 * 8) }
  let number = Int32(input.number16(at: 0)) % 512
  for architecture in Architecture.allCases {
    let reader = SyscallDecoder(kernel: kernel, architecture: architecture)
    for arguments in [small, large + small.prefix(3), small.prefix(3) + large] {
      let call = reader.call(
        number, Array(arguments), of: 7, sleepingIn: Array("poll_schedule".utf8))
      require((call.descriptors ?? []).allSatisfy { $0.number >= 0 }, "\(call)")
      require(call.name != nil || call.descriptors == nil, "\(call)")
      require(call.path.map { $0.count < 4096 && !$0.contains(0) } ?? true, "\(call)")
      _ = call.futex?.isContendedMutex
      _ = (call.locksFile, call.isSignalWait, call.hidesPath)
      _ = call.awaitedChild
    }
  }
}
