import Glibc
import TestSupport
import Testing

@testable import ProcNet

/// What a thread waits for, from the arguments of its call and the memory they point to.
@Suite struct CallReaderTests {
  private static func call(
    _ name: CallName, _ arguments: [UInt64], on architecture: Architecture = .x86,
    _ kernel: any Kernel = FakeKernel()
  ) -> ThreadCall {
    let number = CallTable.number(of: name, on: architecture) ?? -2
    let six = Array((arguments + [0, 0, 0, 0, 0, 0]).prefix(6))
    return SyscallDecoder(kernel: kernel, architecture: architecture).call(number, six, of: 7)
  }

  private static func awaited(
    _ number: Int32, _ reads: Bool = false, _ writes: Bool = false
  ) -> AwaitedDescriptor {
    AwaitedDescriptor(number: number, forReading: reads, forWriting: writes)
  }

  private static func time(_ seconds: UInt64, _ fraction: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: seconds >> (8 * UInt64($0))) }
      + (0..<8).map { UInt8(truncatingIfNeeded: fraction >> (8 * UInt64($0))) }
  }

  @Test("the first argument is the descriptor, in the direction of the call")
  func descriptors() {
    #expect(Self.call(.recvfrom, [4]).descriptors == [Self.awaited(4, true)])
    #expect(Self.call(.accept4, [3], on: .aarch64).descriptors == [Self.awaited(3, true)])
    #expect(Self.call(.sendto, [5]).descriptors == [Self.awaited(5, false, true)])
    #expect(Self.call(.connect, [6]).descriptors == [Self.awaited(6, false, true)])
    #expect(Self.call(.flock, [8, 2]).descriptors == [Self.awaited(8)])
    #expect(Self.call(.epollWait, [9]).descriptors == [Self.awaited(9, true)])
    #expect(
      Self.call(.splice, [4, 0, 5]).descriptors
        == [Self.awaited(4, true), Self.awaited(5, false, true)])
    #expect(Self.call(.nanosleep, [0x7FFD]).descriptors == [])
    #expect(Self.call(.read, [0xFFFF_FFFF]).descriptors == [], "-1 is no descriptor")
  }

  @Test("poll's array is read, with its switched off entries left out")
  func poll() {
    let entries: [UInt8] = [
      3, 0, 0, 0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0, 5, 0, 0, 0, 5, 0, 0, 0,
    ]
    let kernel = FakeKernel().memory(7, at: 0x1000, entries)
    let call = Self.call(.poll, [0x1000, 3, 1000], on: .x86, kernel)
    #expect(call.descriptors == [Self.awaited(3, true), Self.awaited(5, true, true)])
    #expect(call.timeout == .after(1000))
    #expect(Self.call(.poll, [0x1000, 0, 0xFFFF_FFFF]).descriptors == [])
    #expect(Self.call(.poll, [0, 0, 0xFFFF_FFFF]).timeout == .never)
  }

  @Test("a set that cannot be read, not whole, or is too large, is unknown and not empty")
  func unreadable() {
    let short = FakeKernel().memory(7, at: 0x1000, [3, 0, 0, 0, 1, 0, 0, 0])
    #expect(Self.call(.poll, [0x1000, 2, 0], on: .x86, short).descriptors == nil)
    #expect(Self.call(.poll, [0x2000, 1, 0], on: .x86, short).descriptors == nil)
    #expect(Self.call(.poll, [0x1000, 5000, 0], on: .x86, short).descriptors == nil)
    #expect(Self.call(.select, [8, 0x3000], on: .x86, short).descriptors == nil)
    #expect(Self.call(.select, [70_000, 0x1000], on: .x86, short).descriptors == nil)
    let denied = FaultyKernel(short, [Fault(.memory, nil, .fails(EPERM))])
    #expect(Self.call(.ppoll, [0x1000, 1, 0x1000], on: .aarch64, denied).descriptors == nil)
    #expect(Self.call(.ppoll, [0x1000, 1, 0x1000], on: .aarch64, denied).timeout == .unknown)
  }

  @Test("select's bit sets are read up to the limit")
  func select() {
    let kernel = FakeKernel()
      .memory(7, at: 0x1000, [0b1000, 0, 0, 0, 0, 0, 0, 0])
      .memory(7, at: 0x2000, [0b1001_0000, 0, 0, 0, 0, 0, 0, 0])
      .memory(7, at: 0x3000, Self.time(2, 500_000))
    let call = Self.call(.select, [7, 0x1000, 0x2000, 0, 0x3000], on: .x86, kernel)
    #expect(call.descriptors == [Self.awaited(3, true), Self.awaited(4, false, true)])
    #expect(call.timeout == .after(2500))
    #expect(Self.call(.pselect6, [0]).timeout == .never)
  }

  @Test("time-outs come from arguments or from memory")
  func timeouts() {
    let kernel = FakeKernel().memory(7, at: 0x1000, Self.time(1, 1))
    #expect(Self.call(.epollWait, [4, 0, 1, 0xFFFF_FFFF]).timeout == .never)
    #expect(Self.call(.epollPwait, [4, 0, 1, 30]).timeout == .after(30))
    #expect(
      Self.call(.epollPwait2, [4, 0, 1, 0x1000], on: .aarch64, kernel).timeout == .after(1001))
    #expect(Self.call(.nanosleep, [0x1000], on: .x86, kernel).timeout == .after(1001))
    #expect(Self.call(.nanosleep, [0x2000], on: .x86, kernel).timeout == .unknown)
    #expect(Self.call(.clockNanosleep, [0, 1, 0x1000], on: .x86, kernel).timeout == .atDeadline)
    #expect(
      Self.call(.clockNanosleep, [0, 0, 0x1000], on: .x86, kernel).timeout == .after(1001))
    #expect(Self.call(.fcntl, [3, 7]).timeout == .never)
    #expect(Self.call(.fcntl, [3, 1]).timeout == .unknown)
    #expect(Self.call(.recvfrom, [3]).timeout == .unknown)
    #expect(Self.call(.wait4, [0xFFFF_FFFF]).timeout == .never)
  }

  @Test("futex: a plain wait has a duration, every other a moment, the flags do not matter")
  func futex() {
    let kernel = FakeKernel().memory(7, at: 0x1000, Self.time(0, 5_000_000))
    #expect(Self.call(.futex, [0x500, 128, 2, 0]).timeout == .never)
    #expect(Self.call(.futex, [0x500, 128, 2, 0x1000], on: .x86, kernel).timeout == .after(5))
    #expect(
      Self.call(.futex, [0x500, 0x189, 2, 0x1000], on: .x86, kernel).timeout == .atDeadline)
    #expect(Self.call(.futex, [0x500, 0x189, 2, 0]).timeout == .never)
    #expect(Self.call(.futex, [0x500, 129, 1, 7]).timeout == .unknown, "a wake does not wait")
  }

  @Test("io_uring_enter waits without an end unless its extended argument has a time-out")
  func ring() {
    let argument = [UInt8](repeating: 0, count: 17) + [0x10] + [UInt8](repeating: 0, count: 6)
    let kernel = FakeKernel().memory(7, at: 0x3000, argument)
      .memory(7, at: 0x1000, Self.time(3, 0))
    #expect(Self.call(.ioUringEnter, [4, 0, 1, 1]).timeout == .never)
    #expect(
      Self.call(.ioUringEnter, [4, 0, 1, 9, 0x3000], on: .x86, kernel).timeout == .after(3000))
    #expect(
      Self.call(.ioUringEnter, [4, 0, 1, 9, 0x4000], on: .x86, kernel).timeout == .unknown)
  }

  @Test("a call that goes on after a stop is told by the place where it sleeps")
  func resumed() {
    let kernel = FakeKernel().memory(7, at: 0x1000, [3, 0, 0, 0, 1, 0, 0, 0])
    let reader = SyscallDecoder(kernel: kernel, architecture: .x86)
    let call = { (arguments: [UInt64], place: String?) in
      reader.call(
        219, Array((arguments + [0, 0, 0, 0, 0]).prefix(6)), of: 7,
        sleepingIn: place.map { Array($0.utf8) })
    }
    let poll = call([0x1000, 1, 0xFFFF_FFFF], "poll_schedule_timeout.constprop.0")
    #expect(poll.name == .poll && poll.timeout == .never && poll.number == 219)
    #expect(poll.descriptors == [Self.awaited(3, true)])
    #expect(call([0x5000, 0x189, 2, 0x6000], "futex_do_wait").timeout == .atDeadline)
    #expect(call([0, 1, 0x7000], "hrtimer_nanosleep").name == .clockNanosleep)
    #expect(call([0x7FFD_0000], "hrtimer_nanosleep").name == .nanosleep)
    #expect(call([0x7FFD_0000], "do_syscall_64").name == .nanosleep)
    #expect(call([0x1000, 1], "do_signal_stop").name == .restartSyscall)
    #expect(call([0x1000, 1], nil).name == .restartSyscall)
  }

  @Test("a call that means nothing to us keeps its number and arguments, and claims nothing")
  func unknown() {
    let reader = SyscallDecoder(kernel: FakeKernel(), architecture: nil)
    let call = reader.call(45, [4, 0, 0, 0, 0, 0], of: 7)
    #expect(call.name == nil && call.descriptors == nil && call.timeout == .unknown)
    #expect(call.number == 45 && call.arguments[0] == 4)
  }

  private static func timespec(_ bytes: [UInt8]) -> UInt64? {
    TimeValue.milliseconds(timespec: bytes.span)
  }

  private static func timeval(_ bytes: [UInt8]) -> UInt64? {
    TimeValue.milliseconds(timeval: bytes.span)
  }

  @Test("durations that no kernel takes are not taken by us")
  func hostileTimes() {
    #expect(Self.timespec(Self.time(.max, 0)) == nil)
    #expect(Self.timespec(Self.time(0, 1_000_000_000)) == nil)
    #expect(Self.timespec(Self.time(0, 999_999_999)) == 1000)
    #expect(Self.timeval(Self.time(1, 999_999)) == 2000)
    #expect(Self.timeval(Self.time(1, 0).dropLast()) == nil)
  }
}
