import Foundation
import Testing

/// A JSON object by an independent reader.
func object(_ bytes: [UInt8]) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
}

/// The sockets of a `--json` document.
func sockets(_ document: [UInt8]) throws -> [[String: Any]] {
  try #require(try object(document)["sockets"] as? [[String: Any]])
}
