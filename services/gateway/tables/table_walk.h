#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "services/gateway/tables/table_format.h"

namespace cityinfo::gateway {

// A table, and where the next part of it begins: empty at its end.
struct TableDocument {
  std::string body;
  std::string next_page_token;
};

// Writes what a query finds as one table, page after page of QueryObservations. page_size is the
// number of rows wanted, 1 to 10,000; 0 means 10,000, more is taken as 10,000. The table also ends
// early, behind a whole page, when it reaches kMaxBytes or kMaxPages. The pages show the state of
// the data when each was read, never an older one than the page before; a request with as_of shows
// one moment.
class TableWalk : public std::enable_shared_from_this<TableWalk> {
 public:
  static constexpr int kMaxRows = 10'000;
  static constexpr int kRowsAPage = 1'000;
  static constexpr size_t kMaxBytes = 16u << 20;
  static constexpr int kMaxPages = 100;  // of computed values a page may be empty

  // Calls QueryObservations: a serialised request, and what to do with the serialised response.
  using Ask = std::function<void(std::string request,
                                 std::function<void(absl::StatusOr<std::string>)> callback)>;
  using Callback = std::function<void(absl::StatusOr<TableDocument>)>;

  // `callback` runs exactly once, where the last answer comes. Fails as QueryObservations does.
  static void Start(const TableFormat& format, metrics::v1::QueryObservationsRequest request,
                    Ask ask, Callback callback);

 private:
  TableWalk(const TableFormat& format, metrics::v1::QueryObservationsRequest request, Ask ask,
            Callback callback);
  void AskForPage();
  void TakePage(absl::StatusOr<std::string> bytes);

  const TableFormat& format_;
  metrics::v1::QueryObservationsRequest request_;
  const Ask ask_;
  const Callback callback_;
  int rows_left_ = kMaxRows;
  int pages_ = 0;
  TableDocument table_;
};

// The query of the next part: that of this one with the other page_token.
std::string NextPartQuery(absl::string_view query, absl::string_view page_token);

}  // namespace cityinfo::gateway
