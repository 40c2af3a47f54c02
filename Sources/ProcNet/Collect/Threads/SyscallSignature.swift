/// A system call: how it is numbered, and what its arguments say of what it waits for.
struct SyscallSignature: Sendable {
  let name: CallName
  /// nil where the architecture does not have the call.
  let x86: Int32?
  let generic: Int32?
  let awaits: Awaits
  let ends: Ends
  /// nil for calls without a path.
  var path: PathPlace?

  /// Where the descriptors are.
  enum Awaits: Sendable {
    case nothing
    /// In this argument, in the direction that the kind of the call says.
    case argument(Int)
    /// In both, from the first to the second.
    case transfer(from: Int, to: Int)
    /// An array of `pollfd`, argument 0, with as many entries as argument 1 says.
    case pollSet
    /// Up to three bit sets, arguments 1 to 3, for descriptors below argument 0.
    case selectSets
  }

  /// Where the time-out is.
  enum Ends: Sendable {
    case unknown
    case never
    /// Milliseconds as a signed 32 bit number; below 0 means never.
    case milliseconds(Int)
    /// Points to seconds and nanoseconds; no pointer means never.
    case timespec(Int)
    /// Points to seconds and microseconds.
    case timeval(Int)
    /// Points to a moment, not to a duration.
    case deadline(Int)
    /// As its operation and flags decide.
    case futex, clockSleep, fileLock, ring
  }

  /// Where the pointer to a path is, and the descriptor of the folder that it begins at.
  struct PathPlace: Sendable {
    let pointer: Int
    let folder: Int?
  }

  init(_ name: CallName, _ x86: Int32?, _ generic: Int32?, _ awaits: Awaits, _ ends: Ends) {
    self.name = name
    self.x86 = x86
    self.generic = generic
    self.awaits = awaits
    self.ends = ends
  }

  /// A call of the file system, with the path in this argument.
  static func file(
    _ name: CallName, _ x86: Int32?, _ generic: Int32?, path: Int
  ) -> SyscallSignature {
    named(name, x86, generic, PathPlace(pointer: path, folder: nil))
  }

  /// A call of the file system whose path begins at the folder in the argument before it.
  static func file(
    _ name: CallName, _ x86: Int32?, _ generic: Int32?, at folder: Int
  ) -> SyscallSignature {
    named(name, x86, generic, PathPlace(pointer: folder + 1, folder: folder))
  }

  private static func named(
    _ name: CallName, _ x86: Int32?, _ generic: Int32?, _ path: PathPlace
  ) -> SyscallSignature {
    var shape = SyscallSignature(name, x86, generic, .nothing, .never)
    shape.path = path
    return shape
  }
}
