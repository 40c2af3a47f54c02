import CLinux
import Foundation
import Glibc

@testable import DemoServers

/// A chat whose input the test holds in its hand.
final class Conversation {
  let client: ChatClient
  private let inputEnd: Int32
  /// -1 once nothing more will be typed.
  private var typing: Int32

  init(with address: SocketAddress, isInteractive: Bool = false) throws {
    var ends: [Int32] = [-1, -1]
    _ = pipe2(&ends, O_CLOEXEC)
    (inputEnd, typing) = (ends[0], ends[1])
    client = try ChatClient(
      to: address, isInteractive: isInteractive, input: ClientInput(descriptor: ends[0]))
  }

  deinit {
    close(inputEnd)
    endInput()
  }

  func type(_ text: String) { type(Array(text.utf8)) }

  func type(_ bytes: [UInt8]) { _ = write(typing, bytes, bytes.count) }

  /// Types what fits into no pipe, on a thread of its own, and then nothing more.
  func typeAll(_ bytes: [UInt8]) {
    Thread.detachNewThread { [typing] in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(typing, $0.baseAddress, $0.count) }
        if count <= 0 { break }
        rest = rest.dropFirst(count)
      }
      close(typing)
    }
    typing = -1
  }

  func endInput() {
    if typing >= 0 { close(typing) }
    typing = -1
  }

  /// All that happens until the end; the error, if it ends with one.
  func events() -> ([ChatEvent], DemoError?) {
    var events: [ChatEvent] = []
    do throws(DemoError) {
      while true {
        let event = try client.next()
        events.append(event)
        if case .ended = event { return (events, nil) }
      }
    } catch {
      return (events, error)
    }
  }

  /// What the server said, and how it ended.
  func answers() -> (text: String, end: ChatEnd?, error: DemoError?) {
    let (events, error) = events()
    let bytes = events.flatMap { if case .text(let bytes) = $0 { bytes } else { [UInt8]() } }
    let end = events.last.flatMap { if case .ended(let end) = $0 { end } else { nil } }
    return (String(decoding: bytes, as: UTF8.self), end, error)
  }
}
