import ProcNet

@testable import sockinspect

/// What a piece of the program writes, as text.
func written(_ write: (inout ByteWriter) -> Void) -> String {
  var writer = ByteWriter(capacity: 256)
  write(&writer)
  return writer.text
}
