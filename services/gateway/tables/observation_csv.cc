#include "services/gateway/tables/observation_csv.h"

#include <google/protobuf/util/time_util.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/gateway/tables/csv_row.h"

namespace cityinfo::gateway {
namespace {

namespace mv1 = metrics::v1;

constexpr absl::string_view kColumns[] = {"name",
                                          "indicator",
                                          "indicator_name",
                                          "place",
                                          "measure",
                                          "kind",
                                          "period",
                                          "exact_value",
                                          "exact_value_high",
                                          "value",
                                          "unit",
                                          "qualifier",
                                          "printed",
                                          "stage",
                                          "vintage",
                                          "publish_date",
                                          "record_time",
                                          "superseded_time",
                                          "superseded_reason",
                                          "source",
                                          "computed",
                                          "units",
                                          "computed_from",
                                          "citations",
                                          "citation_article",
                                          "citation_revision",
                                          "citation_title",
                                          "citation_publication",
                                          "citation_publish_date",
                                          "citation_page",
                                          "citation_quote"};

std::string DateText(const google::type::Date& date) {
  if (date.year() == 0) return "";
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

std::string TimeText(bool present, const google::protobuf::Timestamp& time) {
  return present ? google::protobuf::util::TimeUtil::ToString(time) : "";
}

// The name of a value that is stated; "" for UNSPECIFIED.
template <typename Enum>
std::string NameOf(Enum value, const std::string& (*name)(Enum)) {
  return value == 0 ? "" : name(value);
}

// The shortest text that reads back as this double.
std::string Number(double value) {
  std::string text = absl::StrCat(value);
  double read = 0;
  if (!absl::SimpleAtod(text, &read) || read != value) text = absl::StrFormat("%.17g", value);
  return text;
}

void AddCitation(const mv1::Observation& observation, CsvRow& row) {
  row.Add(absl::StrCat(observation.citations_size()));
  const bool cited = observation.citations_size() > 0;
  const mv1::Citation& first = cited ? observation.citations(0) : mv1::Citation::default_instance();
  row.Add(first.article())
      .Add(cited ? absl::StrCat(first.revision()) : "")
      .AddText(first.article_title())
      .AddText(first.publication())
      .Add(DateText(first.publish_date()))
      .AddText(first.page())
      .AddText(first.quote());
}

}  // namespace

void WriteCsvHeader(std::string& out) {
  CsvRow row(out);
  for (const absl::string_view column : kColumns) row.Add(column);
  row.End();
}

void WriteCsvRow(const mv1::Observation& o, std::string& out) {
  CsvRow row(out);
  row.Add(o.name())
      .Add(o.indicator())
      .Add(o.indicator_name())
      .Add(o.place())
      .Add(NameOf(o.measure(), &mv1::Measure_Name<mv1::Measure>))
      .Add(NameOf(o.kind(), &mv1::Kind_Name<mv1::Kind>))
      .Add(o.period())
      .Add(o.exact_value())
      .Add(o.exact_value_high())
      .Add(o.exact_value().empty() ? "" : Number(o.value()))
      .AddText(o.unit())
      .Add(NameOf(o.qualifier(), &mv1::Qualifier_Name<mv1::Qualifier>))
      .AddText(o.printed())
      .Add(NameOf(o.stage(), &mv1::RevisionStage_Name<mv1::RevisionStage>))
      .Add(o.vintage() == 0 ? "" : absl::StrCat(o.vintage()))
      .Add(DateText(o.publish_date()))
      .Add(TimeText(o.has_record_time(), o.record_time()))
      .Add(TimeText(o.has_superseded_time(), o.superseded_time()))
      .Add(NameOf(o.superseded_reason(), &mv1::SupersededReason_Name<mv1::SupersededReason>))
      .AddText(o.source())
      .Add(o.computed() ? "true" : "false")
      .Add(NameOf(o.units(), &mv1::Units_Name<mv1::Units>))
      .Add(absl::StrJoin(o.computed_from(), " "));
  AddCitation(o, row);
  row.End();
}

}  // namespace cityinfo::gateway
