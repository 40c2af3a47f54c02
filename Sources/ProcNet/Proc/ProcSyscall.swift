/// `/proc/<pid>/task/<tid>/syscall`: the system call in which a thread sleeps.
///
///     45 0x4 0x7ffd0c3a3f20 0x1000 0x0 0x0 0x0 0x7ffd0c3a3ef8 0x7f2f6b91f2ad
///
/// The number is the architecture's own (45 is `recvfrom` on x86-64). A stopped or frozen thread
/// still shows the call it was in: look at its state first.
public enum ProcSyscall: Sendable, Hashable {
  /// It runs, or could.
  case running
  /// It sleeps, but in no system call: a page fault, a signal (the number is -1).
  case outsideCall
  /// In this call with its six arguments; a descriptor, where there is one, is mostly the first.
  case call(number: Int32, arguments: [UInt64])

  static let argumentCount = 6

  /// nil when the text is none of these.
  public static func decode(_ text: Span<UInt8>) -> ProcSyscall? {
    var fields = FieldReader(text.firstLine)
    if fields.skip(word: "running") { return .running }
    if fields.skip(word: "-1 ") { return .outsideCall }
    guard let number = fields.decimal().flatMap({ Int32(exactly: $0) }),
      let arguments = arguments(&fields)
    else { return nil }
    return .call(number: number, arguments: arguments)
  }

  /// The stack pointer, the column after the arguments; nil when there is none.
  ///
  /// Below 4 GiB it belongs to a 32 bit program, whose calls have other numbers. Zero is that of a
  /// worker of io_uring (`iou-wrk-7`, since Linux 5.12): a thread of the process that stays in the
  /// kernel, and shows the call of the thread that made it.
  static func stackPointer(_ text: Span<UInt8>) -> UInt64? {
    var fields = FieldReader(text.firstLine)
    for _ in 0...argumentCount where !fields.skipColumn() { return nil }
    fields.skipSpaces()
    return fields.skip(word: "0x") ? fields.hexadecimal(most: 16) : nil
  }

  private static func arguments(_ fields: inout FieldReader) -> [UInt64]? {
    var arguments: [UInt64] = []
    for _ in 0..<argumentCount {
      fields.skipSpaces()
      guard fields.skip(word: "0x"), let argument = fields.hexadecimal(most: 16),
        fields.isAtSpace
      else { return nil }
      arguments.append(argument)
    }
    return arguments
  }
}

extension Span<UInt8> {
  /// The bytes before the first newline.
  fileprivate var firstLine: Span<UInt8> {
    @_lifetime(copy self) get { extracting(0..<(firstOffset(of: 10, from: 0) ?? count)) }
  }
}
