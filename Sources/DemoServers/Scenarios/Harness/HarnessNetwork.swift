import CLinux
import Glibc

/// A network namespace that only the harness and its children are in; it ends with them.
enum HarnessNetwork {
  /// Leaves the host's network for one that has nothing but a loopback interface.
  static func enter() throws(DemoError) {
    guard unshare(SOCKINSPECT_CLONE_NEWNET) == 0 else { throw .skip("make a network namespace") }
    try bringLoopbackUp()
  }

  /// Sets a sysctl of this namespace, `ipv4/tcp_tw_reuse` say.
  static func set(_ name: String, to value: String) throws(DemoError) {
    try HarnessFile.write(value, to: "/proc/sys/net/\(name)")
  }

  private static func bringLoopbackUp() throws(DemoError) {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    guard descriptor >= 0 else { throw .system("make a socket") }
    defer { close(descriptor) }
    // struct ifreq of linux/if.h: 16 bytes of name, then a union whose first word is the flags.
    var request = Array("lo".utf8) + [UInt8](repeating: 0, count: 38)
    let flags = UInt16(IFF_UP | IFF_RUNNING)
    unsafe request.withUnsafeMutableBytes {
      unsafe $0.storeBytes(of: flags, toByteOffset: 16, as: UInt16.self)
    }
    guard unsafe ioctl(descriptor, UInt(SIOCSIFFLAGS), &request) == 0 else {
      throw .system("bring the loopback interface up")
    }
  }
}
