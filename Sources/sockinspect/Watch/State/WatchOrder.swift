import ProcNet

/// In which order listeners are shown.
struct WatchOrder: Sendable {
  /// nil: those in trouble first.
  let column: Column<ListenRow>?
  /// Largest first.
  let isDescending: Bool

  static let trouble = WatchOrder(column: nil, isDescending: true)

  /// What `s` goes through, an order of one's own first.
  static func cycle(_ own: RowOrder<ListenRow>?) -> [WatchOrder] {
    let usual =
      [trouble]
      + ["length", "oldest", "drop-rate", "drops", "estab"].compactMap {
        ColumnSet.listeners[$0].map { WatchOrder(column: $0, isDescending: true) }
      }
      + ["local"].compactMap {
        ColumnSet.listeners[$0].map { WatchOrder(column: $0, isDescending: false) }
      }
    guard let own else { return usual }
    let first = WatchOrder(column: own.column, isDescending: own.isDescending)
    return [first] + usual.filter { $0.column?.name != own.column.name }
  }

  var name: String { column?.name ?? "trouble" }

  /// Equals stay in the kernel's order, also when reversed, so that nothing dances.
  func sorted(
    _ rows: [ListenRow], isReversed: Bool, _ surroundings: any SocketContext
  ) -> [ListenRow] {
    guard let column else {
      let sorted = ListenOrder.sorted(rows)
      return isReversed ? sorted.reversed() : sorted
    }
    return RowOrder(column: column, isDescending: isDescending != isReversed)
      .sorted(rows, surroundings)
  }
}
