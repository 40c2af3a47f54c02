// As others use the library: through its public interface alone.
import ProcNet

// What stands between the two marks is the code of the article, word for word.
// article begins
func listeningSockets() throws(KernelError) -> [String] {
  let kernel = try LiveKernel.host()
  let query = SocketQuery(netids: .tcp, states: StateSet(.listen))
  var lines: [String] = []
  var gaps: [Gap] = []
  try DiagSource(fallback: ProcSource()).list(query, through: kernel, gaps: &gaps) { socket in
    let address = AddressText.string(socket.local.address)
    let waiting = socket.queues.recvQ.map { "\($0)" } ?? "unknown"
    lines.append("\(address) port \(socket.local.port), waiting for accept: \(waiting)")
  }
  return lines + gaps.map(\.message)
}
// article ends
