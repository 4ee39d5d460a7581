#pragma once

#include <cstddef>

namespace cityinfo::gateway {

// Bytes of the files beside this header, written into a source file by embed_files.cmake.
extern const unsigned char kIndexHtml[];
extern const size_t kIndexHtmlSize;
extern const unsigned char kAppJs[];
extern const size_t kAppJsSize;
extern const unsigned char kSearchJs[];
extern const size_t kSearchJsSize;
extern const unsigned char kStyleCss[];
extern const size_t kStyleCssSize;

}  // namespace cityinfo::gateway
