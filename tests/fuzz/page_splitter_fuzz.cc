// Splits whatever bytes come and stops at the first thing that must never happen.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/unit/articles_pages/page_soundness.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const absl::string_view page(reinterpret_cast<const char*>(data), size);
  const std::string fault = cityinfo::articles::testing::FirstFaultOfSplitting(page);
  if (!fault.empty()) {
    std::fprintf(stderr, "page_splitter_fuzz: %s\n", fault.c_str());
    std::abort();
  }
  return 0;
}
