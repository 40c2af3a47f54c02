import ProcNet

/// For how long a connection has been silent.
enum WaitAge {
  /// Milliseconds since the last bytes came in, or went out for one that waits to send.
  static func of(_ awaited: AwaitedSocket, _ file: CaseFile) -> UInt64? {
    guard let tcp = file.metrics[awaited.inode] else { return nil }
    return awaited.forWriting && !awaited.forReading ? tcp[.lastDataSent] : tcp[.lastDataRecv]
  }
}
