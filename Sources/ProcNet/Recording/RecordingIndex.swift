/// Where in a recording the answers are. Building it reads and checks the whole recording once,
/// so a damaged one is refused before anything of it is shown.
struct RecordingIndex {
  let header: RecordingHeader
  /// One for each moment, at least one.
  private(set) var samples: [Sample]
  /// Of a diagnosis the place of the first whole answer in any sample.
  private(set) var anywhere: [RecordingKey: Int] = [:]
  /// The frames of answers that others lie between, by the place of the question: so that reading
  /// an answer costs what the answer is long, however far apart its pieces are.
  private(set) var scattered: [Int: [Range<Int>]] = [:]
  private var open: [UInt64: Opened] = [:]

  /// As many threads may ask at the same time; our own are sixteen.
  static let mostOpen = 256
  /// `record` makes a thousand at most.
  static let mostSamples = 10_000
  /// Frames of a packed recording; ours have less than one for each byte of the file.
  private static func mostFrames(_ fileSize: Int) -> Int { fileSize *| 4 +| 1_000_000 }

  /// What was asked at one moment.
  struct Sample {
    /// Milliseconds since 1970.
    let time: UInt64
    /// The place of the question frame of the first whole answer.
    var places: [RecordingKey: Int] = [:]
    /// Of a diagnosis all answers in the order in which they were asked for, also those that
    /// the diagnosis did not read to their end.
    var sequences: [RecordingKey: [Int]] = [:]
    /// The requests among `places`, by what a request that one of them suits has in common with it.
    private var requests: [RecordingRequestKey.Table: [RecordingRequestKey]] = [:]

    init(time: UInt64) { self.time = time }

    /// The first whole answer counts.
    mutating func take(_ key: RecordingKey, at place: Int) {
      guard places[key] == nil else { return }
      places[key] = place
      if case .request(let request) = key { requests[request.table, default: []].append(request) }
    }

    /// The whole answer to the request that has most of what another one wishes.
    func place(suiting request: RecordingRequestKey) -> Int? {
      var best: (place: Int, details: Int)?
      for other in requests[request.table] ?? [] {
        guard let place = places[.request(other)], let details = other.suits(request) else {
          continue
        }
        let isBetter = best.map { (details, $0.place) > ($0.details, place) } ?? true
        if isBetter { best = (place, details) }
      }
      return best?.place
    }
  }

  private struct Opened {
    let key: RecordingKey?
    let place: Int
    let sample: Int
    /// Its frames so far, those in one piece that follow each other.
    var runs: [Range<Int>]

    init(_ key: RecordingKey?, _ frame: Range<Int>, sample: Int) {
      (self.key, place, self.sample, runs) = (key, frame.lowerBound, sample, [frame])
    }

    mutating func add(_ frame: Range<Int>) {
      if let last = runs.last, last.upperBound == frame.lowerBound {
        runs[runs.count - 1] = last.lowerBound..<frame.upperBound
      } else {
        runs.append(frame)
      }
    }
  }

  init(of source: RecordingSource) throws(KernelError) {
    var frames = RecordingFrames(
      source, from: try source.lineLength(), bufferSize: 64 * 1024)
    try frames.advance()
    guard frames.kind == RecordingFormat.Kind.header.rawValue,
      let header = RecordingHeader(body: frames.body)
    else { throw source.damage(at: frames.start, "it does not begin with a header") }
    self.header = header
    samples = [Sample(time: header.time)]
    var count: UInt64 = 1
    let most = UInt64(clamping: Self.mostFrames(source.fileSize))
    while true {
      try frames.advance()
      if frames.kind == RecordingFormat.Kind.end.rawValue { break }
      try take(frames, source)
      count += 1
      guard count <= most else {
        throw source.damage(at: frames.start, "more than \(most) frames, far too many for its size")
      }
    }
    try checkEnd(frames, source, count)
  }

  private mutating func take(
    _ frames: borrowing RecordingFrames, _ source: RecordingSource
  ) throws(KernelError) {
    switch RecordingFormat.Kind(rawValue: frames.kind) {
    case .question: try openAnswer(frames, source)
    case .piece: try takePiece(frames, source)
    case .outcome: try closeAnswer(frames, source)
    case .header: throw source.damage(at: frames.start, "a second header")
    case .moment: try takeMoment(frames, source)
    case .end, nil: return
    }
  }

  private mutating func takeMoment(
    _ frames: borrowing RecordingFrames, _ source: RecordingSource
  ) throws(KernelError) {
    var cursor = RecordingCursor(frames.body)
    guard let time = cursor.number(UInt64.self) else {
      throw source.damage(at: frames.start, "a moment has no time")
    }
    guard samples.count < Self.mostSamples else {
      throw source.damage(at: frames.start, "more than \(Self.mostSamples) moments")
    }
    samples.append(Sample(time: time))
  }

  private mutating func openAnswer(
    _ frames: borrowing RecordingFrames, _ source: RecordingSource
  ) throws(KernelError) {
    var cursor = RecordingCursor(frames.body)
    guard let answer = cursor.number(UInt64.self), let question = RecordingQuestion(&cursor) else {
      throw source.damage(at: frames.start, "a question is too short")
    }
    guard open[answer] == nil else {
      throw source.damage(at: frames.start, "two answers have the number \(answer)")
    }
    guard open.count < Self.mostOpen else {
      throw source.damage(at: frames.start, "more than \(Self.mostOpen) answers are open")
    }
    var known: RecordingKey?
    if case .known(let key) = question { known = key }
    open[answer] = Opened(known, frames.start..<frames.next, sample: samples.count - 1)
  }

  private mutating func takePiece(
    _ frames: borrowing RecordingFrames, _ source: RecordingSource
  ) throws(KernelError) {
    var cursor = RecordingCursor(frames.body)
    guard let answer = cursor.number(UInt64.self),
      open[answer]?.add(frames.start..<frames.next) != nil
    else { throw source.damage(at: frames.start, "a piece belongs to no answer") }
  }

  private mutating func closeAnswer(
    _ frames: borrowing RecordingFrames, _ source: RecordingSource
  ) throws(KernelError) {
    var cursor = RecordingCursor(frames.body)
    guard let answer = cursor.number(UInt64.self), let outcome = RecordingOutcome(&cursor),
      var opened = open.removeValue(forKey: answer)
    else { throw source.damage(at: frames.start, "an outcome belongs to no answer") }
    guard let key = opened.key else { return }
    opened.add(frames.start..<frames.next)
    if opened.runs.count > 1 { scattered[opened.place] = opened.runs }
    if header.diagnosis != nil {
      samples[opened.sample].sequences[key, default: []].append(opened.place)
    }
    guard outcome != .givenUp else { return }
    samples[opened.sample].take(key, at: opened.place)
    if header.diagnosis != nil, anywhere[key] == nil { anywhere[key] = opened.place }
  }

  private func checkEnd(
    _ frames: borrowing RecordingFrames, _ source: RecordingSource, _ count: UInt64
  ) throws(KernelError) {
    var cursor = RecordingCursor(frames.body)
    guard cursor.number(UInt64.self) == count else {
      throw source.damage(at: frames.start, "it says another number of frames than it has")
    }
    guard open.isEmpty else {
      throw source.damage(at: frames.start, "an answer has no outcome")
    }
    guard frames.next == source.size else {
      throw source.damage(at: frames.next, "something follows its end")
    }
  }
}
