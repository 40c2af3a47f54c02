import CLinux
import Glibc

/// A network namespace that only the stage and its children are in; it ends with them.
enum StageNetwork {
  /// Leaves the host's network for one that has nothing but a loopback interface.
  static func enter() throws(DemoError) {
    guard unshare(SOCKINSPECT_CLONE_NEWNET) == 0 else {
      let reason = DemoError.system("make a network namespace")
      throw DemoError("\(reason.message); it needs root", status: 77)
    }
    try bringLoopbackUp()
  }

  /// Sets a sysctl of this namespace, `ipv4/tcp_tw_reuse` say.
  static func set(_ name: String, to value: String) throws(DemoError) {
    try StageFile.write(value, to: "/proc/sys/net/\(name)")
  }

  private static func bringLoopbackUp() throws(DemoError) {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    guard descriptor >= 0 else { throw .system("make a socket") }
    defer { close(descriptor) }
    var request = InterfaceRequest(name: (108, 111, 0, 0))  // "lo"
    request.flags = Int16(IFF_UP | IFF_RUNNING)
    guard unsafe ioctl(descriptor, UInt(SIOCSIFFLAGS), &request) == 0 else {
      throw .system("bring the loopback interface up")
    }
  }
}

/// struct ifreq of linux/if.h, with flags in its union: 16 bytes of name, 24 of the union.
private struct InterfaceRequest {
  var name: (UInt8, UInt8, UInt8, UInt8)
  var restOfName: (UInt32, UInt64) = (0, 0)
  var flags: Int16 = 0
  var restOfUnion: (UInt16, UInt32, UInt64, UInt64) = (0, 0, 0, 0)
}
