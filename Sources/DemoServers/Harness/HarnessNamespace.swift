import CLinux
import Glibc

/// What a scenario cannot do without: a namespace that only the harness and its children are in,
/// and that ends with them.
public enum Need: String, Sendable, CaseIterable {
  /// A network namespace of its own, to do what would disturb the host.
  case ownNetwork = "a network namespace of its own (root)"
  /// A mount namespace of its own, for the same reason.
  case ownMounts = "a mount namespace of its own (root)"

  /// Provides it; what cannot be had is a reason to skip the scenario.
  func provide() throws(DemoError) {
    switch self {
    case .ownNetwork: try HarnessNamespace.enterNetwork()
    case .ownMounts: try HarnessNamespace.enterMounts()
    }
  }
}

/// The namespaces that a harness makes for itself.
enum HarnessNamespace {
  /// Leaves the host's network for one that has nothing but a loopback interface.
  fileprivate static func enterNetwork() throws(DemoError) {
    guard unshare(SOCKINSPECT_CLONE_NEWNET) == 0 else { throw .skip("make a network namespace") }
    let socket = try Socket(SOCK_DGRAM, family: AF_INET)
    // struct ifreq of linux/if.h: 16 bytes of name, then a union whose first word is the flags.
    var request = Array("lo".utf8) + [UInt8](repeating: 0, count: 38)
    let flags = UInt16(IFF_UP | IFF_RUNNING)
    unsafe request.withUnsafeMutableBytes {
      unsafe $0.storeBytes(of: flags, toByteOffset: 16, as: UInt16.self)
    }
    let answer = unsafe ioctl(socket.descriptor, UInt(SIOCSIFFLAGS), &request)
    guard answer == 0 else { throw .system("bring the loopback interface up") }
    socket.close()
  }

  /// Leaves the host's mounts; it does not get what is mounted from here on.
  fileprivate static func enterMounts() throws(DemoError) {
    guard unshare(newMounts) == 0 else { throw .skip("make a mount namespace") }
    let flags = UInt(MS_REC | MS_PRIVATE)
    guard unsafe mount("none", "/", nil, flags, nil) == 0 else {
      throw .skip("make the mount namespace private")
    }
  }

  /// CLONE_NEWNS of linux/sched.h (since Linux 2.4.19).
  private static let newMounts: Int32 = 0x2_0000

  /// Sets a sysctl of the network namespace, `ipv4/tcp_tw_reuse` say.
  static func setSysctl(_ name: String, to value: String) throws(DemoError) {
    try SmallFile.write(value, to: "/proc/sys/net/\(name)")
  }
}

extension DemoError {
  /// A system call that failed just now, without which a scenario cannot be shown here.
  static func skip(_ attempt: String) -> DemoError {
    DemoError("\(system(attempt).message); it needs root", status: 77)
  }
}
