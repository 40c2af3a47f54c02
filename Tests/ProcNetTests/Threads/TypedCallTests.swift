import Testing

@testable import ProcNet

/// What calls, descriptors and watch lists are, without a register or a bit that others decode.
@Suite struct TypedCallTests {
  private static func call(_ name: CallName?, _ arguments: [UInt64]) -> ThreadCall {
    ThreadCall(
      number: 0, name: name, arguments: arguments, descriptors: [], timeout: .never)
  }

  private static func isMutex(_ operation: UInt64, _ value: UInt64) -> Bool? {
    call(.futex, [0x500, operation, value, 0, 0, 0]).futex?.isContendedMutex
  }

  @Test("a contended mutex is a wait for 2, or for a number that names its owner")
  func mutexes() {
    #expect(Self.isMutex(0x80, 2) == true && Self.isMutex(0, 2) == true)
    #expect(Self.isMutex(0x89, 2) == true, "Rust's")
    #expect(Self.isMutex(0x86, 0) == true && Self.isMutex(0x8D, 0) == true, "inheriting")
    #expect(Self.isMutex(0x80, 0x8000_0000 + 4711) == true, "musl's")
    #expect(Self.call(.futexWait, [0x500, 2, 0, 0x82, 0, 0]).futex?.isContendedMutex == true)
  }

  @Test("conditions, semaphores, parked threads and calls that do not wait are none")
  func noMutexes() {
    for value: UInt64 in [0, 1, 3, 4, 0xFFFF_FFFF, 0x8000_0000, 0xC000_0000 + 7, 0xBFFF_FFFF] {
      #expect(Self.isMutex(0x80, value) == false, "\(value)")
      #expect(Self.isMutex(0x89, value) == false, "\(value)")
    }
    #expect(Self.isMutex(0x189, 2) == false, "a condition of glibc 2.41")
    #expect(Self.isMutex(0x8B, 2) == false, "a condition that hands its mutex over")
    #expect(Self.isMutex(0x81, 2) == nil, "a wake")
  }

  @Test("fewer arguments than a call has are no reason to trap")
  func short() {
    for name in CallName.allCases {
      for count in 0..<6 {
        let call = Self.call(name, [UInt64](repeating: 7, count: count))
        _ = (call.futex, call.awaitedChild, call.isSignalWait, call.locksFile, call.hidesPath)
      }
    }
    #expect(Self.call(.futex, [0x500, 0x80]).futex == nil)
    #expect(Self.call(.waitid, [1]).awaitedChild == nil)
    #expect(Self.call(nil, []).futex == nil)
  }

  @Test("waits for signals and for locks on files, by name and arguments")
  func typed() {
    let signals = CallName.allCases.filter { Self.call($0, [0, 0]).isSignalWait }
    #expect(signals == [.pause, .rtSigsuspend, .rtSigtimedwait])
    #expect(Self.call(.flock, [4, 2]).locksFile && Self.call(.fcntl, [4, 7]).locksFile)
    #expect(Self.call(.fcntl, [4, 38]).locksFile)
    for command: UInt64 in [3, 5, 6, 37] { #expect(!Self.call(.fcntl, [4, command]).locksFile) }
    #expect(!Self.call(.futex, [4, 7]).locksFile && !Self.call(.fcntl, []).locksFile)
  }

  private static func watched(_ events: UInt32) -> WatchedDescriptor {
    .init(descriptor: 3, events: events, inode: nil)
  }

  @Test("what an epoll instance watches a descriptor for")
  func interest() {
    #expect(Self.watched(0x19).forReading && !Self.watched(0x19).forWriting)
    #expect(Self.watched(0x1C).forWriting && !Self.watched(0x1C).forReading)
    #expect(Self.watched(0x8000_201D).forReading && Self.watched(0x8000_201D).forWriting)
    #expect(!Self.watched(0x19).isDisarmed && !Self.watched(0x2018).isDisarmed)
    for events: UInt32 in [0, 0x18, 0x4000_0000, 0xC000_0000, 0x1000_0018] {
      let member = Self.watched(events)
      #expect(member.isDisarmed && !member.forReading && !member.forWriting, "\(events)")
    }
  }

  private static func target(_ link: String) -> DescriptorTarget {
    DescriptorTarget(link: Array(link.utf8).span)
  }

  @Test(
    "what a descriptor leads to, and its link again",
    arguments: [
      ("socket:[100]", DescriptorTarget.socket(100)), ("pipe:[4294967297]", .pipe(4_294_967_297)),
      ("anon_inode:[eventpoll]", .eventPoll), ("anon_inode:[eventfd]", .event),
      ("anon_inode:[signalfd]", .signal), ("anon_inode:[timerfd]", .timer),
      ("anon_inode:[pidfd]", .process),
    ])
  func kinds(link: String, target: DescriptorTarget) {
    #expect(Self.target(link) == target && target.name == link)
    for count in 0..<link.utf8.count {
      let part = String(link.prefix(count))
      #expect(Self.target(part) == .other(Array(part.utf8)))
    }
  }

  @Test("terminals, files and the rest keep their link")
  func paths() {
    for link in ["/dev/pts/0", "/dev/pts/3 (deleted)", "/dev/tty", "/dev/ttyS0", "/dev/console"] {
      #expect(Self.target(link) == .terminal(Array(link.utf8)))
    }
    for link in ["/", "/dev/ptmx", "/dev/pts/ptmx", "/dev/null", "/a (deleted)", "/memfd:x"] {
      #expect(Self.target(link) == .file(Array(link.utf8)) && Self.target(link).name == link)
    }
    for link in ["", "net:[7]", "anon_inode:inotify", "pipe:[x]", "pidfd:[]", "dev/tty"] {
      #expect(Self.target(link) == .other(Array(link.utf8)) && Self.target(link).name == link)
    }
    #expect(Self.target("pidfd:[4611]") == .process)
  }
}
