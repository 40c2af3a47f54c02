/// `/proc/net/netstat`: Linux's own counters, groups `TcpExt`, `IpExt`, `MPTcpExt` (since Linux
/// 5.6), of one network namespace.
public enum ProcNetNetstat {
  public static func decode(_ text: Span<UInt8>) -> CounterTable { CounterLines.decode(text) }
}
