import ProcNet

/// One look as one line of JSON.
struct WatchJSON {
  let place: WatchScope

  func write(_ look: ListenersSample, _ writer: inout ByteWriter) {
    document(look.time, look.gaps, &writer) { json, writer in
      age("counts_age_ms", look.countAge, &json, &writer)
      age("owners_age_ms", look.ownerAge, &json, &writer)
      json.key("listeners", &writer)
      json.open("[", &writer)
      let listener = ListenJSON(context: place.facts, listsWaiting: false)
      for row in look.rows { listener.append(row, &json, &writer) }
      json.close("]", &writer)
    }
  }

  func write(_ states: StateWatch, at moment: UInt64, _ writer: inout ByteWriter) {
    document(states.time, states.gaps, &writer) { json, writer in
      age("counts_age_ms", states.age(at: moment), &json, &writer)
      json.member("total", UInt(states.summary.total), &writer)
      json.key("summary", &writer)
      json.open("[", &writer)
      let object = JSONTable.object(of: ColumnSet.summary.all)
      for row in states.rows { object(row.line, UnknownContext(), &json, &writer) }
      json.close("]", &writer)
    }
  }

  func write(_ counters: CounterWatch, _ writer: inout ByteWriter) {
    document(CurrentProcess.now, counters.gaps, &writer) { json, writer in
      json.key("counters", &writer)
      json.open("[", &writer)
      for row in counters.rows { append(row, &json, &writer) }
      json.close("]", &writer)
    }
  }

  private func append(
    _ row: CounterWatch.Row, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    json.open("{", &writer)
    json.member("group", plain: row.counter.group, &writer)
    json.member("name", plain: row.counter.name, &writer)
    json.member("value", row.value, &writer)
    if let rise = row.rise, let tenths = row.tenthsPerSecond {
      json.member("delta", rise, &writer)
      json.member("interval_ms", row.interval, &writer)
      json.key("per_s", &writer)
      json.tenths(tenths, &writer)
    }
    json.close("}", &writer)
  }

  /// What was looked at earlier than the rest; a figure of this look has no age.
  private func age(
    _ name: StaticString, _ age: UInt64?, _ json: inout JSONWriter, _ writer: inout ByteWriter
  ) {
    guard let age, age > 0 else { return }
    json.member(name, age, &writer)
  }

  private func document(
    _ time: UInt64, _ gaps: [Gap], _ writer: inout ByteWriter,
    _ body: (inout JSONWriter, inout ByteWriter) -> Void
  ) {
    var json = JSONWriter()
    json.open("{", &writer)
    JSONEnvelope.append(place.head(time: time), &json, &writer)
    body(&json, &writer)
    JSONEnvelope.append(gaps, &json, &writer)
    json.close("}", &writer)
    writer.append(UInt8(ascii: "\n"))
  }
}
