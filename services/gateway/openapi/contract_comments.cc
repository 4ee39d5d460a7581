#include "services/gateway/openapi/contract_comments.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace cityinfo::gateway {
namespace {

namespace pb = google::protobuf;
using Comments = absl::flat_hash_map<std::string, std::string>;

// Lines of a comment become one; an empty line stays as the end of a paragraph.
std::string Flatten(absl::string_view comment) {
  std::vector<std::string> paragraphs(1);
  for (absl::string_view line : absl::StrSplit(absl::StripAsciiWhitespace(comment), '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) {
      paragraphs.emplace_back();
    } else {
      absl::StrAppend(&paragraphs.back(), paragraphs.back().empty() ? "" : " ", line);
    }
  }
  return absl::StrJoin(paragraphs, "\n\n");
}

template <typename Descriptor>
void Add(const Descriptor& thing, const std::string& name, Comments* comments) {
  pb::SourceLocation location;
  if (!thing.GetSourceLocation(&location)) return;
  const std::string text = Flatten(location.leading_comments);
  if (!text.empty()) (*comments)[name] = text;
}

void AddEnum(const pb::EnumDescriptor& type, Comments* comments) {
  Add(type, type.full_name(), comments);
  for (int i = 0; i < type.value_count(); ++i) {
    Add(*type.value(i), absl::StrCat(type.full_name(), ".", type.value(i)->name()), comments);
  }
}

void AddMessage(const pb::Descriptor& type, Comments* comments) {
  Add(type, type.full_name(), comments);
  for (int i = 0; i < type.field_count(); ++i) {
    Add(*type.field(i), type.field(i)->full_name(), comments);
  }
  for (int i = 0; i < type.enum_type_count(); ++i) AddEnum(*type.enum_type(i), comments);
  for (int i = 0; i < type.nested_type_count(); ++i) AddMessage(*type.nested_type(i), comments);
}

void AddFile(const pb::FileDescriptor& file, Comments* comments) {
  for (int i = 0; i < file.message_type_count(); ++i) AddMessage(*file.message_type(i), comments);
  for (int i = 0; i < file.enum_type_count(); ++i) AddEnum(*file.enum_type(i), comments);
  for (int i = 0; i < file.service_count(); ++i) {
    const pb::ServiceDescriptor& service = *file.service(i);
    Add(service, service.full_name(), comments);
    for (int m = 0; m < service.method_count(); ++m) {
      Add(*service.method(m), service.method(m)->full_name(), comments);
    }
  }
}

}  // namespace

absl::StatusOr<ContractComments> ContractComments::Read(const std::string& descriptor_set) {
  pb::FileDescriptorSet files;
  if (!files.ParseFromString(descriptor_set)) {
    return absl::InvalidArgumentError("this is no set of descriptors");
  }
  pb::DescriptorPool pool;
  ContractComments read;
  for (const pb::FileDescriptorProto& file : files.file()) {
    const pb::FileDescriptor* built = pool.BuildFile(file);
    if (built == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(file.name(), " does not fit those before it in the set of descriptors"));
    }
    AddFile(*built, &read.comments_);
  }
  return read;
}

absl::string_view ContractComments::Of(absl::string_view full_name) const {
  const auto found = comments_.find(full_name);
  return found == comments_.end() ? absl::string_view() : absl::string_view(found->second);
}

}  // namespace cityinfo::gateway
