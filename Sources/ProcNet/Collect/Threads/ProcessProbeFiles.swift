/// The part of a probe that is about the process as a whole.
extension ProcessProbe {
  /// Zero bytes end the arguments, and often many more of them fill what a program that rewrote
  /// its line has left over.
  func takeCommandLine(into snapshot: inout ProcessSnapshot) {
    let file = file("cmdline", of: snapshot.process, limit: Self.longestCommandLine)
    guard var line = file.text else { return }
    while let last = line.last, last == 0 || last == 32 { line.removeLast() }
    snapshot.commandLine = line.map { $0 == 0 ? 32 : $0 }
  }

  func takeLimits(into snapshot: inout ProcessSnapshot) {
    snapshot.openFilesLimit = file("limits", of: snapshot.process).text
      .flatMap { ProcLimits.decode($0.span)?.softOpenFiles }
    // Before Linux 6.2 the size was always 0, which says nothing.
    let size = (try? kernel.identity(of: "/proc/\(snapshot.process)/fd"))?.size
    snapshot.openFiles = size.flatMap { $0 > 0 ? $0 : nil }
  }

  func takeControlGroup(into snapshot: inout ProcessSnapshot) {
    guard let text = file("cgroup", of: snapshot.process).text else { return }
    let found = ProcCgroup(text)
    snapshot.controlGroup = found.path
    snapshot.isFrozen = groups.isFrozen(found)
  }

  func takeDescriptors(into snapshot: inout ProcessSnapshot) {
    var found: [Int32: DescriptorTarget] = [:]
    do throws(KernelError) {
      try kernel.walkDescriptors(ofProcess: snapshot.process) { number, link in
        found[number] = DescriptorTarget(link: link)
      }
      snapshot.descriptors = found
    } catch {}
  }

  func takeWatchLists(into snapshot: inout ProcessSnapshot) {
    let instances = (snapshot.descriptors ?? [:]).filter { $0.value == .eventPoll }.keys.sorted()
    for number in instances.prefix(Self.mostWatchLists) {
      guard let text = file("fdinfo/\(number)", of: snapshot.process, limit: 1 << 26).text
      else { continue }
      snapshot.watchLists[number] = ProcFdinfo.decode(text.span).watched
    }
  }
}

extension DescriptorTarget {
  private static let eventPollLink = Array("anon_inode:[eventpoll]".utf8)

  /// `socket:[7]`, `pipe:[7]`, `anon_inode:[eventpoll]`, or the path of a file.
  init(link: Span<UInt8>) {
    if let inode = OwnerIndexLink.socketInode(link) {
      self = .socket(inode)
      return
    }
    let text = link.copied()
    if text == Self.eventPollLink {
      self = .eventPoll
    } else if text.starts(with: Array("pipe:[".utf8)), text.last == UInt8(ascii: "]"),
      let inode = UInt64(procDigits: text.dropFirst(6).dropLast())
    {
      self = .pipe(inode)
    } else {
      self = .other(text)
    }
  }
}
