#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// The field a client means: by its name in the proto ("publish_date") or in JSON ("publishDate").
// Null when there is none.
const google::protobuf::FieldDescriptor* FindField(const google::protobuf::Descriptor* message,
                                                   absl::string_view name);

// A field inside a message, with the message that directly holds it.
struct FieldSlot {
  google::protobuf::Message* holder = nullptr;
  const google::protobuf::FieldDescriptor* field = nullptr;
};

// Follows a dotted path ("publish_date_from.year") into `message`, making the messages on its way.
// An empty slot when a step does not exist or leads through something repeated.
FieldSlot ResolvePath(google::protobuf::Message* message, absl::string_view path);

}  // namespace cityinfo::gateway
