import Synchronization

/// How far a recorded diagnosis that is repeated has got.
final class RecordingRepetition: Sendable {
  private let state = Mutex(State())

  private struct State {
    var sample = 0
    /// How often each question was asked in this sample.
    var asked: [RecordingKey: Int] = [:]
  }

  /// Which sample answers.
  var sample: Int { state.withLock { $0.sample } }

  /// The place of the next answer to a question; the last one again when there are no more, nil
  /// when the sample has none.
  func next(_ key: RecordingKey, _ samples: [RecordingIndex.Sample]) -> Int? {
    state.withLock { state in
      guard let sequence = samples[state.sample].sequences[key] else { return nil }
      let number = state.asked[key, default: 0]
      state.asked[key] = number + 1
      return sequence[min(number, sequence.count - 1)]
    }
  }

  /// Goes on to the next sample, if there is one.
  func advance(of count: Int) {
    state.withLock { state in
      guard state.sample + 1 < count else { return }
      state = State(sample: state.sample + 1)
    }
  }
}
