import Glibc

/// Decides whether something in a folder can be another user's.
///
/// The rule is that of `fs.protected_symlinks`, and stricter: it holds in every folder that others
/// can write, not just in sticky ones, and it does not believe in a file's owner where a hard link
/// could have brought the file there.
enum OutputTrust {
  /// Whether only we or root can have put an entry into its folder.
  static func isOurs(_ entry: stat, in folder: stat) -> Bool {
    guard isTrusted(folder.st_uid) || folder.st_uid == rootOwner else { return false }
    let others = folder.st_mode & (S_IWGRP | S_IWOTH)
    if others == 0 { return true }
    guard isTrusted(entry.st_uid), entry.st_nlink == 1 else { return false }
    return folder.st_mode & S_ISVTX != 0 || isPrivateGroup(folder, entry)
  }

  private static func isTrusted(_ user: uid_t) -> Bool { user == 0 || user == geteuid() }

  /// In a user namespace root's files can have no owner that we know; the root folder's owner is
  /// root there as well.
  private static var rootOwner: uid_t? {
    var status = stat()
    return unsafe stat("/", &status) == 0 ? status.st_uid : nil
  }

  /// A folder of ours that our own group can write, as a umask of 002 makes them where each user
  /// has a group of his own. Root has to expect others in its groups.
  private static func isPrivateGroup(_ folder: stat, _ entry: stat) -> Bool {
    folder.st_mode & S_IWOTH == 0 && geteuid() != 0 && folder.st_uid == geteuid()
      && folder.st_gid == getegid() && entry.st_uid == geteuid()
  }
}
