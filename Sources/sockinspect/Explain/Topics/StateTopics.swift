import ProcNet

extension Topic {
  /// Every state by its name on the screen, in the kernel's order.
  static var states: [Topic] {
    explainedStates.map { explained in
      let name = explained.state.name
      let others = StateNames.table.filter { $0.states == StateSet(explained.state) }.map(\.name)
      let look = "sockinspect state \(others.first ?? name.lowercased())"
      return Topic(
        group: .state, names: [name] + others + kernelSpellings(of: name),
        means: explained.means, text: [explained.text], look: [look] + explained.look)
    }
  }

  /// netstat, lsof and the kernel write `TIME_WAIT`, `FIN_WAIT1`.
  private static func kernelSpellings(of name: String) -> [String] {
    switch name {
    case "ESTAB": ["ESTABLISHED"]
    case "FIN-WAIT-1": ["FIN_WAIT1"]
    case "FIN-WAIT-2": ["FIN_WAIT2"]
    case "UNCONN": ["CLOSE", "CLOSED"]
    default: []
    }
  }

  private struct ExplainedState {
    let state: SocketState
    let means: String
    let text: String
    var look: [String] = []
  }

  private static let explainedStates = beginning + ending + others

  private static let beginning = [
    ExplainedState(
      state: .established, means: "The connection is established; data can go both ways.",
      text: """
        Whether a process has accepted it is another question: the kernel finishes handshakes on \
        its own, and connections in an accept queue are in this state as well. The standing says \
        `queued` then.
        """, look: ["sockinspect listen --waiting"]),
    ExplainedState(
      state: .synSent, means: "This end has called `connect(2)`; its SYN has no answer yet.",
      text: """
        It lasts a round trip. When it lasts longer, the SYN or its answer is dropped: by a \
        firewall, or by a server whose accept queue is full. At a port without a listener the \
        answer is a reset, at once.
        """, look: ["sockinspect -tanop state syn-sent", "sockinspect explain connect-stuck"]),
    ExplainedState(
      state: .synReceived, means: "A client's SYN was answered; its last ACK has not come yet.",
      text: """
        Such requests are the SYN queue of their listener. The client may believe that it is \
        connected already: its ACK is dropped while the accept queue is full, or set aside by a \
        listener with TCP_DEFER_ACCEPT until data comes.
        """, look: ["sockinspect listen", "sockinspect explain syn-queue-pressure"]),
  ]

  private static let ending = [
    ExplainedState(
      state: .finWait1, means: "This end has closed; its FIN is not acknowledged yet.",
      text: """
        Data that was still to be sent goes before the FIN, so with a peer that does not read, or \
        is gone, the state can last for minutes. No process holds the socket any more, unless it \
        used `shutdown(2)`.
        """, look: ["sockinspect explain orphan"]),
    ExplainedState(
      state: .finWait2, means: "This end has closed and the peer knows; the peer has not closed.",
      text: """
        The peer is in CLOSE-WAIT: its program has yet to close. Without a process here it ends \
        after `net.ipv4.tcp_fin_timeout`, by default a minute.
        """, look: ["sysctl net.ipv4.tcp_fin_timeout"]),
    ExplainedState(
      state: .timeWait, means: "All is over; the kernel keeps the pair of ports for a minute.",
      text: """
        The end that closes first gets here, so that late segments do not meet a new connection. \
        It costs no descriptor and hardly any memory. On a client, very many of them towards one \
        address can use up the local ports.
        """,
      look: ["sockinspect state time-wait -s", "sockinspect explain ephemeral-ports"]),
    ExplainedState(
      state: .closeWait, means: "The peer has closed; the program here has not.",
      text: """
        The program knows by a read that returned 0, and should close. There is no time-out: many \
        that stay are a leak in the program. In an accept queue it is a client that gave up \
        waiting.
        """, look: ["sockinspect -tanp state close-wait", "sockinspect explain close-wait-leak"]),
    ExplainedState(
      state: .lastAck, means: "Both ends have closed; the last ACK is missing.",
      text: "It comes after CLOSE-WAIT and ends when the peer acknowledges our FIN, or is given up."
    ),
    ExplainedState(
      state: .closing, means: "Both ends closed at the same moment.",
      text: "The FINs have crossed on the way. Rare and short; TIME-WAIT follows."),
  ]

  private static let others = [
    ExplainedState(
      state: .listen, means: "The socket takes connections for a program to accept.",
      text: """
        It never carries data. Recv-Q is the number of connections that wait for `accept(2)`, \
        Send-Q how many may; full is one more than that.
        """, look: ["sockinspect listen", "sockinspect explain accept-queue-full"]),
    ExplainedState(
      state: .close, means: "Without a connection.",
      text: """
        The usual state of UDP, raw and unix datagram sockets that receive from anybody; ss calls \
        it UNCONN. A TCP socket in it is neither bound to a connection nor listening.
        """, look: ["sockinspect -uanp"]),
    ExplainedState(
      state: .boundInactive,
      means: "A TCP socket that has a port and neither listens nor connects.",
      text: "Linux lists such sockets since 6.8, and only when they are asked for by this name."),
  ]
}
