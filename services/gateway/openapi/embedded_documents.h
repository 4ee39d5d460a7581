#pragma once

#include <cstddef>

namespace cityinfo::gateway {

// Bytes of documents that the build makes or that stand beside this header.
extern const unsigned char kOpenApiJson[];
extern const size_t kOpenApiJsonSize;
extern const unsigned char kDocsHtml[];
extern const size_t kDocsHtmlSize;
extern const unsigned char kDocsCss[];
extern const size_t kDocsCssSize;

}  // namespace cityinfo::gateway
