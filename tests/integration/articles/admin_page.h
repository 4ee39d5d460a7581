#pragma once

#include <string>

namespace cityinfo::articles {

// What the admin port answers to GET `path`: "200 " and the body; "0 " when nothing answers.
std::string AdminGet(int port, const std::string& path);

}  // namespace cityinfo::articles
