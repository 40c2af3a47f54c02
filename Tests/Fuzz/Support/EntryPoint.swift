import Glibc

/// What libFuzzer calls for every input it makes up. The target's `fuzz` is in its own file.
///
/// The input is in memory of exactly its size, so that `scripts/fuzz --address` sees any byte
/// that is read behind it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  if let start { fuzz(Span(_unsafeStart: start, count: size)) }
  return 0
}

/// Ends the run as a crash, and says why, when an input broke something that always has to hold.
func require(_ holds: Bool, _ otherwise: @autoclosure () -> String) {
  if holds { return }
  let sentence = "REQUIREMENT BROKEN: \(otherwise())\n"
  write(STDERR_FILENO, sentence, sentence.utf8.count)
  abort()
}
