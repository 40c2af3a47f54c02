import Glibc
import TestSupport
import Testing

@testable import ProcNet

/// What a process sees mounted where.
@Suite struct ProcMountInfoTests {
  /// Of Linux 3.10, 5.10 and 6.18; the example of proc(5) comes first.
  static let text = """
    36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    29 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
    91 29 0:48 / /srv/data rw,relatime shared:44 - nfs4 10.0.0.5:/export rw,vers=4.2,hard
    95 29 0:52 / /mnt/s3\\040bucket rw,nosuid,nodev shared:50 master:7 - fuse.s3fs s3fs rw,user_id=0
    120 119 0:61 / / rw,relatime - overlay overlay rw,lowerdir=/l:/m,upperdir=/u,workdir=/w
    130 29 0:44 / /empty rw - tmpfs  rw,size=4k
    140 29 8:1 /sub /srv/data/deep rw propagate_from:2 unbindable - btrfs /dev/sda1 rw,subvol=/sub

    """

  private static let info = ProcMountInfo(Array(text.utf8))

  private static func words(_ bytes: [UInt8]?) -> String? {
    bytes.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("every mount is read, with its device, folder, type and source")
  func read() {
    let mounts = Self.info.mounts
    #expect(mounts.map(\.id) == [36, 29, 91, 95, 120, 130, 140])
    #expect(mounts[0].parent == 35 && mounts[0].device == DeviceNumber(major: 98, minor: 0))
    #expect(Self.words(mounts[0].root) == "/mnt1" && Self.words(mounts[0].folder) == "/mnt2")
    #expect(
      Self.words(mounts[2].type) == "nfs4" && Self.words(mounts[2].source) == "10.0.0.5:/export")
    #expect(mounts[2].fileSystemOptions.map(Self.words) == ["rw", "vers=4.2", "hard"])
    #expect(mounts[3].tags.map(Self.words) == ["shared:50", "master:7"])
    #expect(Self.words(mounts[3].folder) == "/mnt/s3 bucket" && mounts[4].tags.isEmpty)
    #expect(mounts[5].source.isEmpty && Self.words(mounts[5].type) == "tmpfs")
    #expect(mounts[1].options.map(Self.words) == ["rw", "relatime"])
  }

  @Test("file systems that a server or a program answers for are told from disks")
  func remote() {
    #expect(Self.info.mounts.filter(\.isRemote).map(\.id) == [91, 95])
  }

  private static func mount(of path: String, _ info: ProcMountInfo = info) -> Int32? {
    info.mount(of: Array(path.utf8))?.id
  }

  @Test("a path is on the longest folder that contains it, and on the top mount of that")
  func paths() {
    #expect(Self.mount(of: "/srv/data/a") == 91 && Self.mount(of: "/srv/data") == 91)
    #expect(Self.mount(of: "/srv/database") == 120, "a longer name is another folder")
    #expect(Self.mount(of: "/srv/data/deep/x") == 140)
    #expect(Self.mount(of: "/mnt/s3 bucket/x") == 95 && Self.mount(of: "/") == 120)
    #expect(Self.mount(of: "srv/data") == nil && Self.mount(of: "") == nil)
    #expect(Self.mount(of: "/x", ProcMountInfo([])) == nil)
    #expect(Self.info.mount(id: 95)?.id == 95 && Self.info.mount(id: 7) == nil)
  }

  @Test("every prefix has the mounts of its whole lines, and no half number")
  func prefixes() {
    let bytes = Array(Self.text.utf8)
    for count in bytes.indices {
      let mounts = ProcMountInfo(Array(bytes.prefix(count))).mounts
      for (mount, whole) in zip(mounts, Self.info.mounts) {
        #expect(mount.id == whole.id && mount.device == whole.device && mount.type == whole.type)
      }
    }
  }

  @Test(
    "fields too few cost the line, fields too many do not",
    arguments: [
      "36 35 98:0 /a /b rw - ext3 /dev/root", "36 35 98:0 /a /b rw ext3 /dev/root rw", "36", "",
      "x 35 98:0 /a /b rw - ext3 /dev/root rw", "36 35 98 /a /b rw - ext3 /dev/root rw",
      "36 35 98:0:1 /a /b rw - ext3 /dev/root rw", "36 35 4294967296:0 /a /b rw - ext3 r rw",
      "99999999999 35 98:0 /a /b rw - ext3 /dev/root rw", "- - - - - - - - - -",
    ])
  func broken(line: String) {
    #expect(ProcMountInfo(Array("\(line)\n\(Self.text)".utf8)) == Self.info)
  }

  @Test("fields that a later kernel adds are passed over")
  func longer() {
    let text = "36 35 98:0 /a /b rw shared:1 new - ext3 /dev/root rw more of it\n"
    let mount = ProcMountInfo(Array(text.utf8)).mounts.first
    #expect(mount?.tags.count == 2 && mount?.fileSystemOptions.map(Self.words) == ["rw"])
  }

  @Test("the device of stat is taken apart as the C library does it")
  func devices() {
    #expect(DeviceNumber(statDevice: 0x0801) == DeviceNumber(major: 8, minor: 1))
    #expect(DeviceNumber(statDevice: 0x10_0302) == DeviceNumber(major: 3, minor: 0x102))
    #expect(
      DeviceNumber(statDevice: 0x1234_5678_9ABC_DEF0)
        == DeviceNumber(major: 0x1234_5DEF & 0xFFFF_F000 | 0xCDE, minor: 0x6789_ABF0))
  }

  @Test("what this process sees is read, and its root is on a device of the kind of stat's")
  func live() throws {
    let info = try #require(ProcMountInfo(of: getpid(), through: LiveKernel()))
    #expect(info.mount(of: Array("/proc".utf8)) != nil)
    #expect(info.mount(of: Array("/".utf8))?.folder == [47])
    #expect(ProcMountInfo(of: 7, through: FakeKernel()) == nil)
  }
}
