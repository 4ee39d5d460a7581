#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// Sets a field, or adds to a repeated one, from the text form its values have in query parameters
// and in JSON strings and numbers: "12", "0.5", "true", an enum's name or number, base64 for bytes,
// "2021-12-20T00:00:00Z" for Timestamp, "title,publishDate" for FieldMask. INVALID_ARGUMENT with a
// sentence that says what was expected; the caller knows the field's place and adds it.
absl::Status SetFromText(google::protobuf::Message* holder,
                         const google::protobuf::FieldDescriptor* field, absl::string_view text);

// The same for google.type.Date, which reads as "2021-12-20" in a query but is an object in JSON.
absl::Status SetDateFromText(google::protobuf::Message* holder,
                             const google::protobuf::FieldDescriptor* field,
                             absl::string_view text);

// Messages whose JSON form is a string.
bool IsTextMessage(const google::protobuf::Descriptor* message);
bool IsDate(const google::protobuf::Descriptor* message);

// "one of DRAFT, PUBLISHED" and the like: what a value of this field looks like.
std::string ExpectedText(const google::protobuf::FieldDescriptor* field);

}  // namespace cityinfo::gateway
