#include "platform/telemetry/otlp_json.h"

#include <algorithm>
#include <cmath>
#include <variant>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "platform/base/json_text.h"

namespace cityinfo::telemetry {
namespace {

// Status.code of OTLP.
constexpr int kStatusError = 2;

void AppendAttribute(absl::string_view key, const decltype(Attribute::value)& value,
                     std::string* json) {
  absl::StrAppend(json, "{\"key\":\"", key, "\",\"value\":{");
  if (const auto* text = std::get_if<std::string>(&value)) {
    absl::StrAppend(json, "\"stringValue\":");
    base::AppendJsonString(*text, json);
  } else if (const auto* number = std::get_if<int64_t>(&value)) {
    absl::StrAppend(json, "\"intValue\":\"", *number, "\"");
  } else if (const auto* real = std::get_if<double>(&value)) {
    absl::StrAppend(json, "\"doubleValue\":", std::isfinite(*real) ? *real : 0.0);
  } else {
    absl::StrAppend(json, "\"boolValue\":", std::get<bool>(value) ? "true" : "false");
  }
  absl::StrAppend(json, "}}");
}

void AppendAttributes(const std::vector<Attribute>& attributes, std::string* json) {
  absl::StrAppend(json, "\"attributes\":[");
  bool first = true;
  for (const Attribute& attribute : attributes) {
    if (!first) json->push_back(',');
    first = false;
    AppendAttribute(attribute.key, attribute.value, json);
  }
  json->push_back(']');
}

void AppendSpan(const Span& span, std::string* json) {
  absl::StrAppend(json, "{\"traceId\":\"", span.context.trace_id, "\",\"spanId\":\"",
                  span.context.span_id, "\"");
  if (!span.context.parent_span_id.empty()) {
    absl::StrAppend(json, ",\"parentSpanId\":\"", span.context.parent_span_id, "\"");
  }
  absl::StrAppend(json, ",\"name\":");
  base::AppendJsonString(span.name, json);
  absl::StrAppend(json, ",\"kind\":", static_cast<int>(span.kind), ",\"startTimeUnixNano\":\"",
                  absl::ToUnixNanos(span.start), "\",\"endTimeUnixNano\":\"",
                  // A clock that was set back must not give a span of negative length.
                  absl::ToUnixNanos(std::max(span.start, span.end)), "\",");
  AppendAttributes(span.attributes, json);
  absl::StrAppend(json, ",\"status\":{");
  if (span.failed) absl::StrAppend(json, "\"code\":", kStatusError);
  absl::StrAppend(json, "}}");
}

}  // namespace

std::string EncodeSpans(const SpanResource& resource, const std::vector<Span>& spans) {
  std::string json = "{\"resourceSpans\":[{\"resource\":{";
  AppendAttributes({{"service.namespace", "cityinfo"},
                    {"service.name", resource.service},
                    {"service.version", resource.version},
                    {"service.instance.id", resource.instance}},
                   &json);
  absl::StrAppend(&json, "},\"scopeSpans\":[{\"scope\":{\"name\":\"cityinfo\"},\"spans\":[");
  bool first = true;
  for (const Span& span : spans) {
    if (!first) json.push_back(',');
    first = false;
    AppendSpan(span, &json);
  }
  absl::StrAppend(&json, "]}]}]}");
  return json;
}

int64_t RejectedSpans(absl::string_view answer) {
  const auto json =
      nlohmann::json::parse(answer.begin(), answer.end(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return 0;
  const auto partial = json.find("partialSuccess");
  if (partial == json.end() || !partial->is_object()) return 0;
  const auto rejected = partial->find("rejectedSpans");
  if (rejected == partial->end()) return 0;
  // 64-bit numbers are strings in JSON, but receivers differ.
  if (rejected->is_number_integer()) return std::max<int64_t>(rejected->get<int64_t>(), 0);
  int64_t count = 0;
  if (rejected->is_string()) (void)absl::SimpleAtoi(rejected->get<std::string>(), &count);
  return std::max<int64_t>(count, 0);
}

}  // namespace cityinfo::telemetry
