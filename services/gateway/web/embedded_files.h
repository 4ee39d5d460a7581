#pragma once

#include <cstddef>

namespace cityinfo::gateway {

// Bytes of the files beside this header, written into a source file by cmake/embed_files.cmake.
extern const unsigned char kIndexHtml[];
extern const size_t kIndexHtmlSize;
extern const unsigned char kAppJs[];
extern const size_t kAppJsSize;
extern const unsigned char kArticleJs[];
extern const size_t kArticleJsSize;
extern const unsigned char kChartJs[];
extern const size_t kChartJsSize;
extern const unsigned char kHomeJs[];
extern const size_t kHomeJsSize;
extern const unsigned char kIndicatorJs[];
extern const size_t kIndicatorJsSize;
extern const unsigned char kSearchJs[];
extern const size_t kSearchJsSize;
extern const unsigned char kTimelineJs[];
extern const size_t kTimelineJsSize;
extern const unsigned char kStyleCss[];
extern const size_t kStyleCssSize;

}  // namespace cityinfo::gateway
