#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "tests/support/temp_dir.h"

namespace cityinfo::deploy {

using Json = nlohmann::json;

// How a program ended, and what it said.
struct Outcome {
  int exit_code = -1;  // -1: it could not be started, was killed by a signal, or ran too long
  std::string out;
  std::string err;
  bool ok() const { return exit_code == 0; }
};

// Runs a program to its end, within `bound`.
Outcome RunProgram(const std::string& program, std::vector<std::string> args,
                   std::map<std::string, std::string> env = {},
                   absl::Duration bound = absl::Minutes(2));

// podman and buildah over a storage of the test's own, never the machine's, set up so that they
// work inside a container-like sandbox too. Gone with everything in it when the object goes. Not
// thread-safe.
class ContainerEngine {
 public:
  ContainerEngine();
  ~ContainerEngine();

  // What podman, buildah and deploy/images have to be started with to use this storage.
  const std::map<std::string, std::string>& env() const { return env_; }
  // The parent of all containers' control groups.
  const std::string& cgroup_parent() const { return cgroup_parent_; }
  const testing::TempDir& dir() const { return dir_; }

  Outcome Podman(std::vector<std::string> args, absl::Duration bound = absl::Minutes(2)) const;
  // The first object `podman inspect` prints; a null when there is none.
  Json Inspect(const std::string& name, const std::string& type = "container") const;

 private:
  testing::TempDir dir_;
  std::string cgroup_parent_;
  std::map<std::string, std::string> env_;
};

}  // namespace cityinfo::deploy
