#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/articles/pages/head_line.h"
#include "services/articles/pages/page_splitter.h"
#include "services/articles/pages/page_text.h"

namespace cityinfo::articles {

// What a line says about itself, before its neighbours are asked.
enum class LineRole {
  kText,       // Running text, or a display line.
  kFurniture,  // Belongs to the page.
  kNoise,      // Nothing readable.
  kByline,
  kSubtitle,   // Begins with a dash.
  kDate,       // A printed date, alone on its line.
  kContinued,  // "(上接B1版)"
};

// True for the roles which stand between a title and its text.
bool IsHeadRole(LineRole role);

// The roles of all lines of a page; fills in what the folio lines say.
std::vector<LineRole> AssignRoles(const PageText& page, PageFurniture& furniture);

}  // namespace cityinfo::articles
