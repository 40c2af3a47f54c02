import ProcNet

/// What the kernel counts for a whole network namespace that concerns listeners: group `TcpExt`
/// of `/proc/net/netstat`.
struct NamespaceMetrics {
  struct Counter: Sendable {
    let kernelName: String
    let name: MetricName
  }

  static let all = [
    Counter(
      kernelName: "ListenOverflows",
      name: MetricName(
        "netns_listen_overflows", .counter,
        "Handshakes refused because an accept queue was full (ListenOverflows).")),
    Counter(
      kernelName: "ListenDrops",
      name: MetricName(
        "netns_listen_drops", .counter,
        "All that listeners dropped, for whatever reason (ListenDrops).")),
    Counter(
      kernelName: "TCPReqQFullDrop",
      name: MetricName(
        "netns_syn_queue_full_drops", .counter,
        "Handshakes dropped because a SYN queue was full (TCPReqQFullDrop).")),
    Counter(
      kernelName: "TCPReqQFullDoCookies",
      name: MetricName(
        "netns_syn_queue_full_cookies", .counter,
        "Handshakes answered with a cookie because a SYN queue was full (TCPReqQFullDoCookies).")),
    Counter(
      kernelName: "SyncookiesSent",
      name: MetricName("netns_syncookies_sent", .counter, "SYN cookies sent (SyncookiesSent).")),
    Counter(
      kernelName: "SyncookiesRecv",
      name: MetricName(
        "netns_syncookies_received", .counter, "SYN cookies that came back (SyncookiesRecv).")),
    Counter(
      kernelName: "SyncookiesFailed",
      name: MetricName(
        "netns_syncookies_failed", .counter, "SYN cookies that were not ours (SyncookiesFailed).")),
    Counter(
      kernelName: "TCPDeferAcceptDrop",
      name: MetricName(
        "netns_deferred_accept_drops", .counter,
        "ACKs passed over at listeners that wait for data (TCPDeferAcceptDrop).")),
  ]

  /// What was read of one namespace.
  private struct Table {
    let labels: MetricLabels
    let counters: CounterTable
  }

  private var tables: [Table] = []

  init(_ places: [NetworkNamespace], through kernel: any Kernel, gaps: inout [Gap]) {
    for place in places {
      guard let folder = place.tables else {
        gaps.append(
          Gap(
            .counters,
            missing: "counters of network namespace \(place.name ?? String(place.inode))",
            reason: "they are read from /proc, and no process lives in it"))
        continue
      }
      let path = "\(folder)/netstat"
      do throws(KernelError) {
        let labels = ListenerLabels.namespace(place.inode, place.name)
        let bytes = try kernel.contents(of: path)
        let counters = ProcNetNetstat.decode(bytes.span)
        tables.append(Table(labels: labels, counters: counters))
        if let gap = counters.gap(of: path) { gaps.append(gap) }
      } catch {
        gaps.append(Gap(.counters, missing: path, reason: error.reason))
      }
    }
  }

  func append(_ text: MetricsText, to writer: inout ByteWriter) {
    for counter in Self.all {
      let samples = tables.compactMap { table in
        MetricSample(table.labels, .count(table.counters["TcpExt", counter.kernelName]))
      }
      text.family(counter.name, samples, &writer)
    }
  }
}
