import Glibc
import Testing

@testable import ProcNet

@Suite struct OutputTrustTests {
  private static let own = geteuid()
  private static let other: uid_t = 54_321

  private func place(_ mode: mode_t, of user: uid_t, group: gid_t = 54_321) -> stat {
    var status = stat()
    (status.st_mode, status.st_uid, status.st_gid) = (S_IFDIR | mode, user, group)
    status.st_nlink = 2
    return status
  }

  private func entry(of user: uid_t, names: UInt = 1) -> stat {
    var status = stat()
    (status.st_mode, status.st_uid) = (S_IFLNK | 0o777, user)
    status.st_nlink = numericCast(names)
    return status
  }

  @Test("in a folder that only we or root can write, everything is ours", arguments: [0, own])
  func closed(_ user: uid_t) {
    for mode in [0o755, 0o700, 0o1755] as [mode_t] {
      #expect(OutputTrust.isOurs(entry(of: Self.own), in: place(mode, of: user)))
      #expect(OutputTrust.isOurs(entry(of: 0), in: place(mode, of: user)))
      #expect(OutputTrust.isOurs(entry(of: Self.other, names: 2), in: place(mode, of: user)))
    }
  }

  @Test("in a sticky folder only what is ours or root's, under one name", arguments: [0, own])
  func sticky(_ user: uid_t) {
    for mode in [0o1777, 0o1775] as [mode_t] {
      #expect(OutputTrust.isOurs(entry(of: Self.own), in: place(mode, of: user)))
      #expect(OutputTrust.isOurs(entry(of: 0), in: place(mode, of: user)))
      #expect(!OutputTrust.isOurs(entry(of: Self.other), in: place(mode, of: user)))
      #expect(!OutputTrust.isOurs(entry(of: Self.own, names: 2), in: place(mode, of: user)))
    }
  }

  @Test("in a folder that others can write and rename in, nothing")
  func open() {
    for mode in [0o777, 0o775, 0o757] as [mode_t] {
      #expect(!OutputTrust.isOurs(entry(of: Self.own), in: place(mode, of: 0)))
      #expect(!OutputTrust.isOurs(entry(of: Self.other), in: place(mode, of: Self.own)))
    }
  }

  @Test("in another user's folder nothing, whatever its mode")
  func foreign() {
    for mode in [0o755, 0o700, 0o1777] as [mode_t] {
      #expect(!OutputTrust.isOurs(entry(of: Self.own), in: place(mode, of: Self.other)))
      #expect(!OutputTrust.isOurs(entry(of: 0), in: place(mode, of: Self.other)))
    }
  }

  @Test("in a folder of a group of our own what is ours, except for root")
  func privateGroup() {
    let place = place(0o775, of: Self.own, group: getegid())
    #expect(OutputTrust.isOurs(entry(of: Self.own), in: place) == (Self.own != 0))
    #expect(!OutputTrust.isOurs(entry(of: Self.other), in: place))
  }
}
