#include "services/gateway/tables/table_walk.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace cityinfo::gateway {

void TableWalk::Start(const TableFormat& format, metrics::v1::QueryObservationsRequest request,
                      Ask ask, Callback callback) {
  std::shared_ptr<TableWalk> walk(
      new TableWalk(format, std::move(request), std::move(ask), std::move(callback)));
  walk->AskForPage();
}

TableWalk::TableWalk(const TableFormat& format, metrics::v1::QueryObservationsRequest request,
                     Ask ask, Callback callback)
    : format_(format),
      request_(std::move(request)),
      ask_(std::move(ask)),
      callback_(std::move(callback)) {
  if (request_.page_size() > 0) rows_left_ = std::min(request_.page_size(), kMaxRows);
  format_.write_header(table_.body);
}

void TableWalk::AskForPage() {
  // A negative size is the service's to refuse.
  if (request_.page_size() >= 0) request_.set_page_size(std::min(rows_left_, kRowsAPage));
  ask_(request_.SerializeAsString(),
       [walk = shared_from_this()](absl::StatusOr<std::string> bytes) {
         walk->TakePage(std::move(bytes));
       });
}

void TableWalk::TakePage(absl::StatusOr<std::string> bytes) {
  if (!bytes.ok()) return callback_(std::move(bytes).status());
  metrics::v1::QueryObservationsResponse page;
  if (!page.ParseFromString(*bytes)) {
    return callback_(absl::InternalError("a service's answer is not readable"));
  }
  for (const metrics::v1::Observation& observation : page.observations()) {
    format_.write_row(observation, table_.body);
  }
  rows_left_ -= page.observations_size();
  table_.next_page_token = page.next_page_token();
  if (table_.next_page_token.empty() || rows_left_ <= 0 || table_.body.size() >= kMaxBytes ||
      ++pages_ == kMaxPages) {
    return callback_(std::move(table_));
  }
  request_.set_page_token(page.next_page_token());
  AskForPage();
}

std::string NextPartQuery(absl::string_view query, absl::string_view page_token) {
  std::string next;
  for (const absl::string_view part : absl::StrSplit(query, '&', absl::SkipEmpty())) {
    if (absl::StartsWith(part, "page_token=") || absl::StartsWith(part, "pageToken=")) continue;
    absl::StrAppend(&next, part, "&");
  }
  // Tokens are of the URL-safe alphabet.
  return absl::StrCat(next, "page_token=", page_token);
}

}  // namespace cityinfo::gateway
