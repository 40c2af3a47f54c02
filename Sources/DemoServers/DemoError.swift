/// Why a server, client or scenario could not do its work: one sentence for the person who asked.
public struct DemoError: Error, Sendable, Equatable {
  /// Begins in lower case and has no full stop: `cannot listen on 127.0.0.1:80: …`.
  public var message: String
  /// The exit status that goes with it: 1 failed, 64 wrong usage.
  public var status: Int32
  /// The error number of the system call that failed, for those who tell failures apart.
  public var number: Int32?

  public init(_ message: String, status: Int32 = 1, number: Int32? = nil) {
    self.message = message
    self.status = status
    self.number = number
  }

  /// What was typed makes no sense.
  public static func usage(_ message: String) -> DemoError {
    DemoError(message, status: 64)
  }
}
