@testable import ProcNet

/// One message of a unix dump, with its attributes.
func fuzz(_ input: Span<UInt8>) {
  let full = UnixDiagMessage.decode(input, details: .all)
  let bare = UnixDiagMessage.decode(input, details: [])
  require((full == nil) == (bare == nil), "asking for less decides which rows there are")
  require(full?.inode == bare?.inode, "asking for less changes the inode")
}
