/// Who holds the ends of pipes: the descriptors of all processes, walked once when it is asked for.
public struct PipeHolders: Sendable {
  /// One descriptor that leads to a pipe.
  public struct Holder: Sendable, Hashable {
    /// The number of the process.
    public var process: Int32
    /// The number of the descriptor in that process.
    public var descriptor: Int32
    /// The process's `comm`, up to 15 bytes of anything; empty when it ended meanwhile.
    public var command: [UInt8]
    /// It has the end that is read from; both are nil when its `fdinfo` could not be read.
    public var reads: Bool?
    /// It has the end that is written to; a FIFO that was opened for both has both.
    public var writes: Bool?
  }

  private var holders: [UInt64: [Holder]] = [:]

  /// Knows of nobody.
  public init() {}

  /// Costs as much as `OwnerIndex`: about 4 µs per descriptor of the host.
  public static func find(_ pipes: Set<UInt64>, through kernel: any Kernel) -> PipeHolders {
    var found = PipeHolders()
    guard !pipes.isEmpty, let processes = try? HostProcesses.numbers(through: kernel)
    else { return found }
    for process in processes { found.walk(process, pipes, kernel) }
    return found
  }

  /// Ascending by process; every holder, the one that was asked for included.
  public func holders(of pipe: UInt64) -> [Holder] { holders[pipe] ?? [] }

  /// Processes that we may not look into are left out; `ProcessSnapshot` tells which they are.
  private mutating func walk(_ process: Int32, _ pipes: Set<UInt64>, _ kernel: any Kernel) {
    var found: [(descriptor: Int32, pipe: UInt64)] = []
    do throws(KernelError) {
      try kernel.walkDescriptors(ofProcess: process) { number, link in
        if case .pipe(let inode) = DescriptorTarget(link: link), pipes.contains(inode) {
          found.append((number, inode))
        }
      }
    } catch {}
    guard !found.isEmpty else { return }
    let line = ProcFile("/proc/\(process)/comm", kernel, limit: ProcStat.longestCommand).text ?? []
    for (descriptor, pipe) in found {
      var holder = Holder(
        process: process, descriptor: descriptor, command: Array(line.prefix { $0 != 10 }))
      holder.takeEnd(ProcFile("/proc/\(process)/fdinfo/\(descriptor)", kernel).text)
      holders[pipe, default: []].append(holder)
    }
  }
}

extension PipeHolders.Holder {
  /// The lowest two bits of the flags are `O_RDONLY`, `O_WRONLY` or `O_RDWR`.
  fileprivate mutating func takeEnd(_ text: [UInt8]?) {
    guard let text, let flags = ProcFdinfo.decode(text.span).flags else { return }
    reads = flags & 3 != 1
    writes = flags & 3 != 0
  }
}
