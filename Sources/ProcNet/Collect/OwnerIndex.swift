/// Which processes hold which sockets: the descriptors of all processes, read once.
///
/// Takes 24 to 32 bytes per descriptor of a socket, and about 4 µs per descriptor of any kind to
/// build on one processor, nearly all of it the kernel's; the work is shared between processors.
public struct OwnerIndex: Sendable {
  /// A process that holds at least one of the sockets.
  struct Process: Sendable, Hashable {
    var process: Int32
    /// The process's `comm`, up to 15 bytes of anything; empty when it ended meanwhile.
    var command: [UInt8]
  }

  /// Ascending by number.
  private(set) var processes: [Process] = []
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
  var count: Int { entries.count }

  /// Knows of nobody.
  public init() { self.init([]) }

  /// Reads the descriptors of every process that `/proc` shows.
  ///
  /// With `wanted` it keeps only those sockets, and with none wanted it reads nothing. Processes
  /// that end meanwhile are left out; those that we may not look into are told in one gap.
  public static func build(
    through kernel: any Kernel, wanted: InodeSet? = nil, gaps: inout [Gap]
  ) -> OwnerIndex {
    if let wanted, wanted.isEmpty { return OwnerIndex() }
    let processes: [Int32]
    do throws(KernelError) {
      processes = try HostProcesses.numbers(through: kernel)
    } catch {
      gaps.append(Gap(.owners, missing: "owners of all sockets", reason: error.message))
      return OwnerIndex()
    }
    let finds = OwnerWalk(kernel: kernel, wanted: wanted, processes: processes).run()
    gaps += Self.gaps(finds, processes, kernel)
    return OwnerIndex(finds)
  }

  /// The same for callers that can do nothing about processes that may not be looked into.
  public static func build(through kernel: any Kernel, wanted: InodeSet? = nil) -> OwnerIndex {
    var gaps: [Gap] = []
    return build(through: kernel, wanted: wanted, gaps: &gaps)
  }

  /// Joins what threads found; the order of the processes, not of the threads, decides.
  private init(_ finds: [OwnerFinds]) {
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

  private mutating func append(_ process: OwnerFinds.Process, of finds: OwnerFinds) {
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

  /// All holders of a socket, the last found first: the highest process number, and in it the
  /// highest descriptor. This is ss's order. Inode 0 belongs to nobody.
  public func owners(of inode: UInt32) -> [Owner] {
    guard inode != 0 else { return [] }
    var position = table.slots[slot(of: inode)]
    if position == 0 { return ofThreads.first?.owners(of: inode) ?? [] }
    var owners: [Owner] = []
    while position != 0 {
      let entry = entries[Int(position) - 1]
      let process = processes[Int(entry.process)]
      owners.append(
        Owner(process: process.process, descriptor: entry.descriptor, command: process.command))
      position = entry.next
    }
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
    var finds = OwnerFinds()
    for process in (try? HostProcesses.numbers(through: kernel)) ?? [] {
      // Those that we may not look into are told of already.
      finds.add(process, through: kernel, wanted: nil, kernel.walkThreadDescriptors)
    }
    ofThreads = [OwnerIndex([finds])]
  }

  private static func gaps(
    _ finds: [OwnerFinds], _ processes: [Int32], _ kernel: any Kernel
  ) -> [Gap] {
    let access = ProcessAccess(kernel: kernel)
    let denied = finds.reduce(0) { $0 + $1.denied }
    let failed = finds.reduce(0) { $0 + $1.failed }
    var gaps: [Gap] = []
    if denied > 0 {
      gaps.append(
        Gap(
          .owners,
          missing: "owners of \(counted(denied))\(access.isRoot ? "" : " of other users")",
          reason: "permission denied", remedy: access.remedyForDenial))
    }
    if failed > 0, let failure = finds.lazy.compactMap(\.failure).first {
      gaps.append(
        Gap(.owners, missing: "owners of \(counted(failed))", reason: failure.message))
    }
    if let hidden = access.hidden(.owners, "owners that are processes of other users", processes) {
      gaps.append(hidden)
    }
    return gaps
  }

  private static func counted(_ processes: Int) -> String {
    processes == 1 ? "1 process" : "\(processes) processes"
  }

  /// A set of socket inodes in one array, asked once per open descriptor of the host.
  public struct InodeSet: Sendable {
    /// How many inodes are in it.
    private(set) var count = 0
    private var table: InodeTable

    /// Room for so many without growing.
    public init(capacity: Int = 0) {
      table = InodeTable(capacity: capacity)
    }

    /// A set of these inodes, each once.
    public init(_ inodes: some Sequence<UInt32>) {
      self.init(capacity: inodes.underestimatedCount)
      for inode in inodes { insert(inode) }
    }

    /// Nothing is in it, so nothing is looked for.
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

    /// Whether an inode is in it; 0 never is.
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
private struct InodeTable: Sendable {
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

/// Walks the descriptors of many processes, on several threads once that pays.
private struct OwnerWalk: Sendable {
  /// Descriptors seen before help is called, where a process itself counts as some: about 8 ms.
  /// With less to do, waiting for a helper on a busy host can cost more than it brings.
  private static let worthHelp = 2000
  private static let processEffort = 5

  let kernel: any Kernel
  let wanted: OwnerIndex.InodeSet?
  let processes: [Int32]

  /// What each thread found. A folder is never split, so no process is in two of them.
  func run() -> [OwnerFinds] {
    let queue = WorkQueue(processes)
    let workers = Workers { gather(from: queue) {} }
    var effort = 0
    let own = gather(from: queue, perProcess: Self.processEffort) {
      effort += 1
      guard effort == Self.worthHelp else { return }
      queue.takeLargestFirst(descriptors)
      workers.summon()
    }
    return workers.finish() + [own]
  }

  private func gather(
    from queue: WorkQueue<Int32>, perProcess: Int = 0, _ step: () -> Void
  ) -> OwnerFinds {
    var finds = OwnerFinds()
    while let process = queue.take() {
      for _ in 0..<perProcess { step() }
      finds.add(process, through: kernel, wanted: wanted) {
        (process, visit) throws(KernelError) in
        try kernel.walkDescriptors(ofProcess: process) { number, link in
          step()
          visit(number, link)
        }
      }
    }
    return finds
  }

  /// How many descriptors a process has; 0 before Linux 6.2, which leaves the order as it is.
  private func descriptors(of process: Int32) -> Int64 {
    (try? kernel.identity(of: "/proc/\(process)/fd"))?.size ?? 0
  }
}

/// What one thread found in the processes that it walked.
private struct OwnerFinds: Sendable {
  /// A socket that a process holds; whose it is say the `processes` around it.
  struct Held: Sendable {
    var inode: UInt32
    var descriptor: Int32
  }

  /// One process that holds sockets, and where they are in `held`.
  struct Process: Sendable {
    var process: Int32
    var command: [UInt8]
    var held: Range<Int>
  }

  /// Visits descriptors of a process.
  typealias Walk = (Int32, (Int32, Span<UInt8>) -> Void) throws(KernelError) -> Void

  private(set) var held: [Held] = []
  private(set) var processes: [Process] = []
  /// Processes whose descriptors are not for us to see, and the first other failure.
  private(set) var denied = 0
  private(set) var failed = 0
  private(set) var failure: KernelError?

  /// Adds the sockets in some tables of a process, only those that are wanted.
  mutating func add(
    _ process: Int32, through kernel: any Kernel, wanted: OwnerIndex.InodeSet?, _ walk: Walk
  ) {
    let start = held.count
    do throws(KernelError) {
      try walk(process) { descriptor, link in
        guard let inode = DescriptorTarget.socketInode(link), wanted?.contains(inode) != false
        else { return }
        held.append(Held(inode: inode, descriptor: descriptor))
      }
    } catch {
      note(error, of: process, through: kernel)
    }
    guard held.count > start else { return }
    processes.append(
      Process(
        process: process, command: Self.command(of: process, through: kernel),
        held: start..<held.count))
  }

  /// A process that ended meanwhile is no failure.
  private mutating func note(_ error: KernelError, of process: Int32, through kernel: any Kernel) {
    if error.isGone { return }
    guard error.isDenied else {
      failed += 1
      failure = failure ?? error
      return
    }
    if Self.mayHoldSockets(process, through: kernel) { denied += 1 }
  }

  /// Threads of the kernel and ended processes hold nothing, but deny their folder all the same.
  private static func mayHoldSockets(_ process: Int32, through kernel: any Kernel) -> Bool {
    do throws(KernelError) {
      let stat = ProcStat(try kernel.contents(of: "/proc/\(process)/stat"))
      return stat.map { !$0.isKernelThread && !$0.isZombie } ?? true
    } catch {
      return !error.isGone
    }
  }

  /// Empty when the process ended meanwhile: it still held its sockets when we looked.
  private static func command(of process: Int32, through kernel: any Kernel) -> [UInt8] {
    guard let line = try? kernel.contents(of: "/proc/\(process)/comm") else { return [] }
    return Array((line.last == 10 ? line.dropLast() : line[...]).prefix(ProcStat.longestCommand))
  }
}

/// Says why sockets that exist have no owner that could be found, although all processes that
/// there are in `/proc` were looked into.
public struct MissingOwners {
  /// `PROC_PID_INIT_INO`: the namespace in which every process has a number.
  private static let hostProcesses = Array("pid:[4026531836]".utf8)

  private let kernel: any Kernel

  /// Reads nothing yet.
  public init(through kernel: any Kernel) { self.kernel = kernel }

  /// Those of the sockets that still have no owner: what was opened or passed on while the
  /// processes were walked has one by now.
  public func confirmed(_ inodes: Set<UInt32>) -> Set<UInt32> {
    let owners = OwnerIndex.build(through: kernel, wanted: OwnerIndex.InodeSet(inodes))
    return inodes.filter { owners.owners(of: $0).isEmpty }
  }

  /// Why sockets have no owner, as far as is known.
  public func gap(_ count: Int) -> Gap {
    let missing = count == 1 ? "owner of 1 socket" : "owners of \(count) sockets"
    let own = try? kernel.link(at: "/proc/self/ns/pid")
    if let own, own != Self.hostProcesses {
      return Gap(
        .owners, missing: missing, reason: "no process of this pid namespace holds \(it(count))",
        remedy: "run in the host's pid namespace (docker run --pid=host, nsenter -t 1 -p)")
    }
    return Gap(
      .owners, missing: missing,
      reason: """
        no process has a descriptor of \(it(count)); the kernel itself may hold \(it(count)), \
        io_uring, a message on its way between processes (SCM_RIGHTS)\
        \(own == nil ? ", or a process of another pid namespace" : "")
        """)
  }

  private func it(_ count: Int) -> String { count == 1 ? "it" : "them" }
}
