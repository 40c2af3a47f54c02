import Glibc
import ProcNet
import TestSupport

/// A kernel with random answers of every kind, and the questions that it answers.
struct RandomKernel {
  private(set) var questions: [Question] = []
  private(set) var kernel: any Kernel = FakeKernel()

  init(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var fake = FakeKernel()
    var faults: [Fault] = []
    fake.pieceSize = Int.random(in: 1...500, using: &random)
    for index in 0..<4 {
      let path = "/proc/\(index)/" + String(decoding: random.bytes(upTo: 9), as: UTF8.self)
      fake.files[path] = random.bytes(upTo: 2000)
      fake.links[path] = random.bytes(upTo: 40)
      fake.folders[path] = Self.entries(&random)
      fake.identities[path] = FileIdentity(
        device: random.next(), inode: random.next(),
        size: Int64(truncatingIfNeeded: random.next()))
      fake.descriptors[Int32(index)] = (0..<5).map { FakeDescriptor($0, random.bytes(upTo: 30)) }
      questions += [.file(path), .link(path), .folder(path), .identity(path)]
      questions.append(.descriptors(Int32(index)))
      fake.memory[Int32(index), default: [:]][random.next()] = random.bytes(upTo: 900)
      for address in fake.memory[Int32(index), default: [:]].keys {
        questions.append(.memory(process: Int32(index), address: address, count: 500))
      }
      if Bool.random(using: &random) {
        faults.append(Self.fault(on: path, process: index, &random))
      }
    }
    questions += [.file("/absent"), .folder("/absent"), .link("/absent"), .identity("/absent")]
    questions.append(.descriptors(-7))
    questions.append(.memory(process: 1, address: 7, count: 16))
    addDumps(to: &fake, &random)
    kernel = FaultyKernel(fake, faults)
    questions.shuffle(using: &random)
  }

  private static func entries(_ random: inout SeededRandom) -> [FolderEntry] {
    (0..<Int.random(in: 0...6, using: &random)).map { _ in
      FolderEntry(
        name: String(decoding: random.bytes(upTo: 12), as: UTF8.self), inode: random.next(),
        isFolder: Bool.random(using: &random))
    }
  }

  private static func fault(
    on path: String, process: Int, _ random: inout SeededRandom
  ) -> Fault {
    let kinds: [Fault] = [
      Fault(.read, path, .fails(EACCES)), Fault(.read, path, .failsAfter(100, EIO)),
      Fault(.list, path, .fails(ENOTDIR)), Fault(.link, path, .fails(EPERM)),
      Fault(.identity, path, .fails(ELOOP)),
      Fault(.walk, "/proc/\(process)/fd", .failsAfter(2, ESRCH)),
      Fault(.ask, "", .failsAfter(1, ENOBUFS)), Fault(.ask, "/run/netns/a", .fails(EPERM)),
    ]
    return kinds[Int.random(in: 0..<kinds.count, using: &random)]
  }

  private mutating func addDumps(to fake: inout FakeKernel, _ random: inout SeededRandom) {
    var answers: [String: [[UInt8]]] = [:]
    for family: UInt8 in [2, 10] {
      for namespace in [nil, "/run/netns/a"] {
        let question = Question.dump(family: family, protocolNumber: 6, namespace: namespace)
        questions.append(question)
        answers["\(namespace ?? "") \(family)"] =
          (0..<3).map { _ in
            FakeDatagram.message(type: 20, random.bytes(upTo: 300))
              + FakeDatagram.message(type: 20, random.bytes(upTo: 300))
          } + [FakeDatagram.done()]
      }
    }
    fake.answer = { [answers] (request) throws(KernelError) in
      answers["\(request.namespacePath ?? "") \(request.message[16])"] ?? []
    }
  }
}
