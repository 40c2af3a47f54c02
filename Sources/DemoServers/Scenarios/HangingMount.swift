import CLinux
import Glibc

/// A server that reads files from a mount which does not answer.
struct HangingMount: Scenario {
  let name = "hanging-mount"
  let summary = "threads open a file on a mount that does not answer, as NFS without its server"
  let recipe = "a FUSE file system that hangs; a thread per connection that reads a file from it"
  let expects: [FindingID] = [.filesystemStuck]
  let allows: [FindingID] = [.requestUnanswered]
  let needs: [Need] = [.ownMounts]

  /// In the harness's own mount namespace, any folder will do.
  private static let place = "/mnt"

  func make(on harness: inout ScenarioHarness) throws(DemoError) -> RunningScenario {
    try startFilesystem(on: &harness)
    let server = try harness.serve(
      NamedServer("demo-thread", .thread, "read-file:\(Self.place)/report"), of: self)
    for _ in 0..<3 { try harness.connect(to: server, saying: "report\n") }
    try harness.wait("three threads to wait for the file system", lasting: 2500) {
      server.process.threads(in: .open) == 3 && server.hasReadAll
    }
    return RunningScenario(server)
  }

  /// Only the part keeps the descriptor. When it ends, so does the file system, and the threads
  /// that wait for it wake up.
  private func startFilesystem(on harness: inout ScenarioHarness) throws(DemoError) {
    let descriptor = try HangingFilesystem.mount(at: Self.place)
    defer { close(descriptor) }
    _ = try harness.play("filesystem", of: self, "\(descriptor)", inherited: [descriptor])
  }

  func act(_ role: String, _ words: [String]) throws(DemoError) {
    guard let descriptor = words.first.flatMap({ Int32($0) }) else {
      throw DemoError("demo: a file system needs a descriptor", status: 64)
    }
    HarnessPart.setName("demo-share")
    try HangingFilesystem.serve(descriptor)
    HarnessPart.sayReady("")
    HarnessPart.sleepForever()
  }
}

/// A file system in user space (fuse(4)) that answers the kernel's greeting and nothing else, as a
/// network file system whose server is gone.
///
/// The kernel's protocol, linux/fuse.h, is spoken over the descriptor of /dev/fuse. Requests are
/// not even read: one that has been read could not be interrupted, and its thread not be killed.
enum HangingFilesystem {
  /// Mounts it, in the mount namespace of the harness; answers the descriptor to answer from.
  static func mount(at path: String) throws(DemoError) -> Int32 {
    let descriptor = unsafe open("/dev/fuse", O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw .skip("open /dev/fuse") }
    // S_IFDIR in octal, root's.
    let options = "fd=\(descriptor),rootmode=40000,user_id=0,group_id=0"
    let flags = UInt(MS_NOSUID | MS_NODEV)
    guard unsafe Glibc.mount("demo-share", path, "fuse", flags, options) == 0 else {
      let error = DemoError.skip("mount a file system at \(path)")
      close(descriptor)
      throw error
    }
    return descriptor
  }

  /// Answers the greeting; after that the file system is there, and hangs.
  static func serve(_ descriptor: Int32) throws(DemoError) {
    // The least that a read may ask for (FUSE_MIN_READ_BUFFER).
    var request = [UInt8](repeating: 0, count: 8192)
    let count = try SystemCall.retrying("read from /dev/fuse") {
      unsafe read(descriptor, &request, request.count)
    }
    guard count >= 40, let reply = greeting(answering: Array(request[..<count])) else {
      throw DemoError("the kernel did not begin with FUSE_INIT")
    }
    _ = try SystemCall.retrying("write to /dev/fuse") {
      unsafe write(descriptor, reply, reply.count)
    }
  }

  /// struct fuse_out_header and struct fuse_init_out (protocol 7.23 and later: 64 bytes); nil when
  /// the request is not FUSE_INIT, number 26.
  ///
  /// A request begins with its length, its number and, at byte 8, its own eight bytes of name.
  static func greeting(answering request: [UInt8]) -> [UInt8]? {
    guard request.count >= 16, Array(request[4..<8]) == native(UInt32(26)) else { return nil }
    let header = native(UInt32(16 + 64)) + native(Int32(0)) + request[8..<16]
    // major 7, minor 31, max_readahead, flags; then max_background and congestion_threshold,
    // max_write. The rest is zero.
    let words: [UInt32] = [7, 31, 0, 0, 0, 4096]
    let body = words.flatMap(native)
    return header + body + [UInt8](repeating: 0, count: 64 - body.count)
  }

  private static func native<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    unsafe withUnsafeBytes(of: number) { unsafe Array($0) }
  }
}
