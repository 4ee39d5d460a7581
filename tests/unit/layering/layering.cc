#include "tests/unit/layering/layering.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace cityinfo::layering {
namespace {

namespace fs = std::filesystem;

struct Room {
  std::string house;    // "platform", "services", "cli", "bench"
  std::string service;  // "articles" for services, the folder for platform
  std::string room;     // "domain", "storage"...; empty for main, app and config
};

Room RoomOf(const std::string& path) {
  const std::vector<std::string> parts = absl::StrSplit(path, '/');
  Room room{.house = parts[0]};
  if (parts.size() > 2) room.service = parts[1];
  if (parts.size() > 3) room.room = parts[2];
  return room;
}

bool IsAny(const std::string& value, std::initializer_list<const char*> set) {
  return std::any_of(set.begin(), set.end(), [&](const char* x) { return value == x; });
}

bool IsSystem(const std::string& include) { return absl::StartsWith(include, "<"); }
bool IsProto(const std::string& include) { return absl::StrContains(include, ".pb.h"); }

// Headers a pure room must not see, by the start of their names.
bool IsOutsideLibrary(const std::string& include) {
  for (const char* library :
       {"grpc", "google/", "sqlite3", "hiredis", "boost/", "openssl", "spdlog", "prometheus",
        "curl", "nlohmann", "unicode/", "libpq", "nghttp2", "zlib"}) {
    if (absl::StartsWith(include, absl::StrCat("<", library)) || absl::StartsWith(include, library))
      return true;
  }
  return IsProto(include);
}

std::optional<std::string> BrokenInService(const Room& from, const Room& to,
                                           const std::string& include) {
  const bool pure = IsAny(from.room, {"domain", "pages"});
  if (pure && (IsOutsideLibrary(include) || (to.house == "platform" && to.service != "base"))) {
    return absl::StrCat(from.room, "/ is pure: standard library, Abseil and platform/base only");
  }
  if (IsProto(include) && IsAny(from.room, {"storage", "cache", "search"})) {
    return absl::StrCat(from.room, "/ keeps domain types; protos belong to rpc/");
  }
  if (to.house == "platform" && IsAny(to.service, {"sql", "database", "sqlite", "postgres"}) &&
      !IsAny(from.room, {"storage", "search", ""})) {
    return "SQL belongs to storage/ and search/";
  }
  if (to.house == "platform" && IsAny(to.service, {"sqlite", "postgres"}) && !from.room.empty() &&
      !(from.room == "search" && to.service == "sqlite")) {
    return "storage/ is written against platform/sql, once for every driver";
  }
  if (to.house == "platform" && to.service == "redis" && !IsAny(from.room, {"cache", ""})) {
    return "Redis belongs to cache/";
  }
  if (to.house == "platform" && to.service == "host" && !from.room.empty()) {
    return "how a process starts and ends is for main, app and config";
  }
  if (to.house != "services") return std::nullopt;
  if (to.service != from.service) return "a service never includes another service's code";
  // main, app and config compose.
  if (from.room.empty()) return std::nullopt;
  if (to.room.empty()) return "only main and app see app and config";
  // The gateway's rooms stand in a row that the circle check keeps straight.
  if (from.room == to.room || to.room == "domain" || from.service == "gateway") return std::nullopt;
  if (from.room == "domain") return "domain/ includes no adapter";
  return "adapters never include each other; they meet in app.cc";
}

void FollowFrom(const std::string& node, const IncludeGraph& graph, std::set<std::string>& done,
                std::vector<std::string>& path, std::optional<std::string>& circle) {
  if (circle || done.contains(node)) return;
  if (auto at = std::find(path.begin(), path.end(), node); at != path.end()) {
    circle = absl::StrCat(absl::StrJoin(at, path.end(), " -> "), " -> ", node);
    return;
  }
  path.push_back(node);
  if (auto found = graph.find(node); found != graph.end()) {
    for (const auto& next : found->second) FollowFrom(next, graph, done, path, circle);
  }
  path.pop_back();
  done.insert(node);
}

}  // namespace

IncludeGraph ReadIncludes(const std::string& root) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*(?:"([^"]+)"|(<[^>]+>)))re");
  IncludeGraph graph;
  for (const char* house : {"platform", "services", "cli", "bench"}) {
    if (!fs::exists(fs::path(root) / house)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(root) / house)) {
      if (!IsAny(entry.path().extension().string(), {".h", ".cc"})) continue;
      auto& includes = graph[fs::relative(entry.path(), root).generic_string()];
      std::ifstream file(entry.path());
      std::smatch match;
      for (std::string line; std::getline(file, line);) {
        if (std::regex_search(line, match, kInclude))
          includes.push_back(match[1].matched ? match[1] : match[2]);
      }
    }
  }
  return graph;
}

std::optional<std::string> BrokenRule(const std::string& from_path, const std::string& include) {
  const Room from = RoomOf(from_path);
  const Room to = IsSystem(include) ? Room{} : RoomOf(include);
  if (from.house == "platform") {
    if (IsAny(to.house, {"services", "cli", "bench"}) || absl::StartsWith(include, "cityinfo/")) {
      return "platform/ knows no service";
    }
    return std::nullopt;
  }
  if (from.house == "cli" && to.house == "services") return "cli/ speaks only the public API";
  if (from.house == "services") return BrokenInService(from, to, include);
  return std::nullopt;
}

std::optional<std::string> FindCircle(const IncludeGraph& graph) {
  std::optional<std::string> circle;
  std::set<std::string> done;
  std::vector<std::string> path;
  for (const auto& [node, unused] : graph) FollowFrom(node, graph, done, path, circle);
  return circle;
}

IncludeGraph RoomsOf(const IncludeGraph& graph) {
  IncludeGraph rooms;
  auto room_of = [](const std::string& path) {
    const Room room = RoomOf(path);
    return absl::StrCat(room.house, "/", room.service,
                        room.house == "services" ? "/" + room.room : "");
  };
  for (const auto& [from, includes] : graph) {
    for (const auto& to : includes) {
      if (IsSystem(to) || !graph.contains(to) || room_of(from) == room_of(to)) continue;
      rooms[room_of(from)].push_back(room_of(to));
    }
  }
  return rooms;
}

}  // namespace cityinfo::layering
