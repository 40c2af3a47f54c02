/// Serves one connection to its end with calls that wait.
struct Service {
  let handler: any Handler
  let journal: ServerLog

  func serve(_ connection: Connection) {
    do {
      try work(connection)
    } catch {
      if !error.isPeerGone { journal.trouble(error.message) }
    }
    if !handler.keepsConnections { journal.closed(connection) }
  }

  private func work(_ connection: Connection) throws(DemoError) {
    let opening = try handler.open()
    defer { handler.close(connection) }
    switch opening {
    case .converse: try converse(connection)
    case .ignore: Clock.sleepForever()
    case .flood(let bytes): try flood(connection, bytes)
    }
  }

  private func converse(_ connection: Connection) throws(DemoError) {
    var inbox = Inbox(capacity: 16 << 10)
    while let message = try inbox.message(from: connection) {
      try connection.send(try handler.answer(to: message))
    }
  }

  private func flood(_ connection: Connection, _ bytes: Int) throws(DemoError) {
    var left = bytes
    while left > 0 {
      left -= try connection.send(some: Flood.piece.prefix(left))
    }
    connection.finishSending()
    connection.waitForHangUp()
  }
}
