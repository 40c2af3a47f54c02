extension HostTables {
  /// A counter of the harness's network namespace in /proc/net/netstat, `SyncookiesSent` say; 0
  /// when this kernel does not have it.
  static func counter(_ name: String) -> Int {
    let text = HarnessFile.text("/proc/self/net/netstat") ?? ""
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("TcpExt:") }
    guard lines.count == 2 else { return 0 }
    let (names, values) = (lines[0].split(separator: " "), lines[1].split(separator: " "))
    guard let index = names.firstIndex(of: Substring(name)), index < values.count else { return 0 }
    return Int(values[index]) ?? 0
  }
}
