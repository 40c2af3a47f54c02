extension OwnerIndex {
  /// A set of socket inodes in one array, asked once per open descriptor of the host.
  public struct InodeSet: Sendable {
    public private(set) var count = 0
    private var table: InodeTable

    /// Room for so many without growing.
    public init(capacity: Int = 0) {
      table = InodeTable(capacity: capacity)
    }

    public init(_ inodes: some Sequence<UInt32>) {
      self.init(capacity: inodes.underestimatedCount)
      for inode in inodes { insert(inode) }
    }

    public var isEmpty: Bool { count == 0 }

    /// 0 is no inode and is never in the set.
    public mutating func insert(_ inode: UInt32) {
      guard inode != 0 else { return }
      if count >= table.limit { grow() }
      let slot = table.slot(of: inode) { $0 == inode }
      guard table.slots[slot] == 0 else { return }
      table.slots[slot] = inode
      count += 1
    }

    public func contains(_ inode: UInt32) -> Bool {
      inode != 0 && table.slots[table.slot(of: inode) { $0 == inode }] == inode
    }

    private mutating func grow() {
      var larger = InodeTable(capacity: table.limit * 2)
      for inode in table.slots where inode != 0 {
        larger.slots[larger.slot(of: inode) { $0 == inode }] = inode
      }
      table = larger
    }
  }
}

/// Open addressing over 32-bit slots of which 0 means empty; never more than half full.
struct InodeTable: Sendable {
  var slots: [UInt32]
  private let shift: UInt32

  /// As many values as it may hold; twice that many slots, a power of two.
  var limit: Int { slots.count / 2 }

  init(capacity: Int) {
    var bits: UInt32 = 4
    while bits < 31, 1 << bits < max(0, min(capacity, 1 << 30)) * 2 { bits += 1 }
    slots = [UInt32](repeating: 0, count: 1 << bits)
    shift = 32 - bits
  }

  /// The slot whose value `matches`, else the empty one where it belongs.
  ///
  /// Inodes are handed out in sequence, so the upper bits of a product spread them.
  @inline(__always)
  func slot(of inode: UInt32, _ matches: (UInt32) -> Bool) -> Int {
    var slot = Int((inode &* 0x9E37_79B1) >> shift)
    while slots[slot] != 0, !matches(slots[slot]) { slot = (slot + 1) & (slots.count - 1) }
    return slot
  }
}
