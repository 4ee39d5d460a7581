#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "cityinfo/gateway/v1/city_service.pb.h"

namespace cityinfo::gateway {

// Notes how a section of a composed answer went.
inline void AddSection(absl::string_view section, const absl::Status& status,
                       google::protobuf::RepeatedPtrField<v1::SectionStatus>* sections) {
  v1::SectionStatus* added = sections->Add();
  added->set_section(std::string(section));
  added->set_state(status.ok() ? v1::SectionStatus::OK : v1::SectionStatus::FAILED);
  if (!status.ok()) added->set_message(std::string(status.message()));
}

}  // namespace cityinfo::gateway
