/// Which processes hold which sockets: the descriptors of all processes, read once.
///
/// Takes 24 to 32 bytes per descriptor of a socket, and about 4 µs per descriptor of any kind to
/// build on one processor, nearly all of it the kernel's; the work is shared between processors.
public struct OwnerIndex: Sendable {
  /// A process that holds at least one of the sockets.
  public struct Process: Sendable, Hashable {
    public var process: Int32
    /// The process's `comm`, up to 15 bytes of anything; empty when it ended meanwhile.
    public var command: [UInt8]
  }

  /// Ascending by number.
  public private(set) var processes: [Process] = []
  private var entries: [Entry] = []
  /// Per inode the entry found last, plus 1.
  private var table: InodeTable

  /// What threads hold in tables of their own; empty until `readThreads`, then one.
  private var ofThreads: [OwnerIndex] = []

  /// One descriptor, chained to the one of the same socket that was found before it.
  private struct Entry: Sendable {
    var inode: UInt32
    var process: UInt32
    var descriptor: Int32
    /// Index plus 1; 0 ends the chain.
    var next: UInt32
  }

  /// How many descriptors of sockets it knows.
  public var count: Int { entries.count }

  /// Knows of nobody.
  public init() { self.init([]) }

  /// Joins what threads found; the order of the processes, not of the threads, decides.
  init(_ finds: [OwnerIndexFinds]) {
    let total = min(finds.reduce(0) { $0 + $1.held.count }, Int(UInt32.max >> 2))
    table = InodeTable(capacity: total)
    entries.reserveCapacity(total)
    var places: [(finds: Int, process: Int)] = []
    for (number, find) in finds.enumerated() {
      for process in find.processes.indices { places.append((number, process)) }
    }
    let process = { (place: (finds: Int, process: Int)) in
      finds[place.finds].processes[place.process]
    }
    places.sort { process($0).process < process($1).process }
    for place in places { append(process(place), of: finds[place.finds]) }
  }

  private mutating func append(_ process: OwnerIndexFinds.Process, of finds: OwnerIndexFinds) {
    let number = UInt32(processes.count)
    processes.append(Process(process: process.process, command: process.command))
    for held in finds.held[process.held] where entries.count < table.limit {
      let slot = slot(of: held.inode)
      entries.append(
        Entry(
          inode: held.inode, process: number, descriptor: held.descriptor,
          next: table.slots[slot]))
      table.slots[slot] = UInt32(entries.count)
    }
  }

  private func slot(of inode: UInt32) -> Int {
    table.slot(of: inode) { entries[Int($0) - 1].inode == inode }
  }

  /// Visits every holder of a socket, the last found first: the highest process number, and in
  /// it the highest descriptor. This is ss's order. Inode 0 belongs to nobody.
  public func forEachOwner<Failure: Error>(
    of inode: UInt32, _ visit: (Owner) throws(Failure) -> Void
  ) throws(Failure) {
    guard inode != 0 else { return }
    var position = table.slots[slot(of: inode)]
    if position == 0 { try ofThreads.first?.forEachOwner(of: inode, visit) }
    while position != 0 {
      let entry = entries[Int(position) - 1]
      let process = processes[Int(entry.process)]
      try visit(
        Owner(
          process: process.process, descriptor: entry.descriptor, command: process.command))
      position = entry.next
    }
  }

  /// All holders of a socket in the order of `forEachOwner`.
  public func owners(of inode: UInt32) -> [Owner] {
    var owners: [Owner] = []
    forEachOwner(of: inode) { owners.append($0) }
    return owners
  }

  /// The `comm` of a process that holds one of the sockets.
  public func command(of process: Int32) -> [UInt8]? {
    var range = processes.indices
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      if processes[middle].process == process { return processes[middle].command }
      range =
        processes[middle].process < process
        ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return ofThreads.first?.command(of: process)
  }

  /// Looks for sockets also in the tables of threads that do not share their process's: worth the
  /// cost of a folder a process, and a system call a thread, where a socket has no owner. Once.
  public mutating func readThreads(through kernel: any Kernel) {
    guard ofThreads.isEmpty else { return }
    var finds = OwnerIndexFinds()
    for process in (try? OwnerIndexProcesses.read(through: kernel)) ?? [] {
      // Those that we may not look into are told of already.
      for thread in (try? kernel.threadsWithOwnDescriptors(ofProcess: process)) ?? [] {
        finds.add(process, thread: thread, through: kernel, wanted: nil) {}
      }
    }
    ofThreads = [OwnerIndex([finds])]
  }
}
