/// The sockets that a listing has shown already.
///
/// The kernel dumps a changing table in pieces and can come by the same socket twice (a new one
/// at the head of a hash chain shifts the others). Open addressing over the kernel's cookies:
/// 16 bytes a socket, no allocation a row.
struct SocketDeduplicator {
  private var slots = [UInt64](repeating: 0, count: 1024)
  private var count = 0

  /// Remembers a number; false when it was there before. 0 stands for "none" and is always new.
  @inline(__always)
  mutating func insert(_ number: UInt64) -> Bool {
    guard number != 0 else { return true }
    if count * 4 >= slots.count * 3 { grow() }
    let isNew = Self.place(number, in: &slots)
    if isNew { count += 1 }
    return isNew
  }

  @inline(__always)
  private static func place(_ number: UInt64, in slots: inout [UInt64]) -> Bool {
    let mask = slots.count - 1
    // The brackets matter: a shift binds tighter than a product.
    var index = Int(truncatingIfNeeded: (number &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
    while true {
      let held = slots[index]
      if held == 0 {
        slots[index] = number
        return true
      }
      if held == number { return false }
      index = (index + 1) & mask
    }
  }

  private mutating func grow() {
    var larger = [UInt64](repeating: 0, count: slots.count * 2)
    for number in slots where number != 0 { _ = Self.place(number, in: &larger) }
    slots = larger
  }
}
