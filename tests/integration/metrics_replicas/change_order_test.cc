// The feed's order is that of the commits, and every reader on every replica sees all of it.
#include <gmock/gmock.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/integration/metrics_replicas/replica.h"

namespace cityinfo::metrics {
namespace {

constexpr int kReplicas = 4;
constexpr int kWriters = 16;
constexpr int kLoadsPerWriter = 10;

std::string Told(const ObservationChange& change) {
  return absl::StrCat(change.sequence, " ", change.observation.key.ToId(), " #",
                      change.observation.vintage.number, " ",
                      change.observation.vintage.value.printed);
}

// As a watcher of the service does: reads what there is, waits for the versions to pass it.
std::vector<std::string> Follow(Replica& replica, int changes) {
  std::vector<std::string> told;
  std::int64_t position = 0;
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (told.size() < static_cast<size_t>(changes) && absl::Now() < deadline) {
    const auto read = replica.store->ReadChanges(position, 7, Soon());
    EXPECT_OK(read);
    if (!read.ok()) return told;
    for (const ObservationChange& change : *read) {
      EXPECT_EQ(change.sequence, position + 1) << "a gap";
      position = change.sequence;
      told.push_back(Told(change));
    }
    if (read->empty()) replica.versions.AwaitBeyond(position, deadline);
  }
  return told;
}

class ChangeOrderTest : public ReplicasTest {};

TEST_F(ChangeOrderTest, SixteenWritersOverFourReplicasAndAWatcherOnEach) {
  Replica replicas[kReplicas];
  for (Replica& replica : replicas) replica.Open({.store = url_});
  std::vector<std::string> told[kReplicas];
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kReplicas; ++i) {
      threads.emplace_back([&, i] { told[i] = Follow(replicas[i], kWriters * kLoadsPerWriter); });
    }
    for (int writer = 0; writer < kWriters; ++writer) {
      threads.emplace_back([&, writer] {
        for (int i = 0; i < kLoadsPerWriter; ++i) {
          // Every other one a key that all of them write.
          const int year = i % 2 == 0 ? 1900 : 1901 + writer;
          EXPECT_OK(replicas[writer % kReplicas].Load(absl::StrCat(writer * 100 + i), year));
        }
      });
    }
  }
  ASSERT_EQ(told[0].size(), static_cast<size_t>(kWriters * kLoadsPerWriter));
  for (int i = 1; i < kReplicas; ++i) EXPECT_EQ(told[i], told[0]);
}

}  // namespace
}  // namespace cityinfo::metrics
