/// `/proc/net/sockstat` and `/proc/net/sockstat6`: how many sockets there are.
///
///     sockets: used 15
///     TCP: inuse 1 orphan 0 tw 0 alloc 1 mem 168
///
/// `inuse` and `tw` are of the namespace; `orphan`, `alloc` and `mem` of the whole host. `mem` is
/// in pages, `memory` (of `FRAG`) in bytes.
public enum ProcSockstat {
  /// Reads the file; the title of a line, without its colon, is the group.
  public static func decode(_ text: Span<UInt8>) -> CounterTable {
    var table = CounterTable()
    text.forEachLine { take($0, &table) }
    return table
  }

  private static func take(_ line: Span<UInt8>, _ table: inout CounterTable) {
    var fields = FieldReader(line)
    guard let title = fields.textColumn(), title.hasSuffix(":") else { return }
    let group = String(title.dropLast())
    while let name = fields.textColumn() { table.add(group, name, fields.textColumn()) }
  }
}
