import TestSupport
import Testing

@testable import ProcNet

@Suite("Whose a socket without a file is") struct UnknownUsersTests {
  private func uid(_ release: String?, uid: UInt32, inode: UInt32, _ netid: Netid = .tcp) -> UInt32?
  {
    var kernel = FakeKernel()
    if let release { kernel = kernel.file("/proc/sys/kernel/osrelease", release) }
    var socket = Socket(netid: netid, family: .inet, state: .established)
    socket.uid = uid
    socket.inode = inode
    var users = UnknownUsers(through: kernel)
    users.clear(&socket)
    return socket.uid
  }

  @Test(
    "0 says nothing before Linux 6.17",
    arguments: [("6.1.0-18-amd64\n", nil), ("6.16.9", nil), (nil, nil), ("6.17.0", 0), ("7.0", 0)]
      as [(String?, UInt32?)])
  func release(release: String?, expected: UInt32?) {
    #expect(uid(release, uid: 0, inode: 0) == expected)
    // What is held, or belongs to another user, is known on each.
    #expect(uid(release, uid: 0, inode: 7) == 0)
    #expect(uid(release, uid: 33, inode: 0) == 33)
    #expect(uid(release, uid: 0, inode: 0, .unixStream) == 0)
  }

  @Test(
    "versions as distributions write them",
    arguments: [
      ("5.10.0-35-cloud-amd64\n", KernelRelease(5, 10)),
      ("6.12.38+deb13-amd64", KernelRelease(6, 12)),
      ("7.2-rc3", KernelRelease(7, 2)), ("six", nil), ("", nil),
    ] as [(String, KernelRelease?)])
  func releases(text: String, expected: KernelRelease?) {
    #expect(KernelRelease(Array(text.utf8)) == expected)
  }
}
