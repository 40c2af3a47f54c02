/// What a demo server, client or situation could not do: one clear sentence, and the exit status.
public struct DemoError: Error, Sendable {
  public let message: String
  /// 1 failed, 64 wrong usage, 77 cannot be shown on this machine.
  public let status: Int32

  public init(_ message: String, status: Int32 = 1) {
    self.message = message
    self.status = status
  }
}
