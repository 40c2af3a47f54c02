extension FindingDescription {
  static let acceptQueueFilling = FindingDescription(
    id: "accept-queue-filling", severities: [.warning],
    title: "The accept queue is filling up",
    means: "Connections arrive faster than the program accepts them; the queue will be full soon.",
    condition:
      """
      At every look the accept queue was above 70 % of its limit, and a connection that waited \
      at the first look waits still; or the queue grew and not one connection was accepted \
      meanwhile; or nothing was accepted, the oldest has been waiting for 2 s or longer, and \
      what the server's threads do may not be seen. A burst that drains within the interval is \
      none.
      """,
    explanation:
      """
      A queue that is nearly empty most of the time is healthy, and so is one that fills in a \
      burst and drains at once. This one did not drain: the oldest of its connections has been \
      waiting for longer than the interval. When it is full, new clients will be dropped, and \
      until then everybody in it waits.
      """,
    remedy: [
      """
      Look at what the accepting threads do between two calls of `accept(2)`; accept first, \
      work elsewhere.
      """,
      "Serve more at once: more workers, threads or event loops behind the listener.",
      """
      If the program keeps up on average, let the queue hold a burst: raise the backlog of \
      `listen(2)` and `net.core.somaxconn`.
      """,
    ],
    avoid: [
      """
      put a long queue in front of a program that is too slow: it adds waiting time and \
      serves nobody faster.
      """
    ],
    check: ["sockinspect listen --interval 1 :PORT", "sockinspect listen --waiting :PORT"],
    demo: ["worker-join"])
}
