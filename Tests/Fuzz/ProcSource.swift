// Seeds: /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/unix /proc/net/packet
import ProcNet

/// The tables of /proc/net as whole files that arrive in pieces.
func fuzz(_ input: Span<UInt8>) {
  let kernel = OneAnswerKernel(input)
  var gaps: [Gap] = []
  let query = SocketQuery(netids: .all, details: .all)
  do {
    try ProcSource().list(query, through: kernel, gaps: &gaps) { _ throws(KernelError) in }
  } catch {
    require(false, "a listing failed for another reason than its sink")
  }
}
