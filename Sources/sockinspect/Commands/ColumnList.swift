import ProcNet

/// `--list-columns`: the columns there are, a line each.
enum ColumnList {
  static func show() throws(KernelError) -> ExitStatus {
    var output = Output()
    let width = Column.all.map(\.name.utf8.count).max() ?? 0
    for column in Column.all {
      output.writer.append(column.name)
      output.writer.append(UInt8(ascii: " "), times: width - column.name.utf8.count + 2)
      output.writer.append(column.meaning)
      output.writer.append(UInt8(ascii: "\n"))
    }
    try output.flush()
    return .done
  }
}
