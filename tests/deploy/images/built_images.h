#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/deploy/images/container_engine.h"

namespace cityinfo::deploy {

// The images, built once for all tests of this binary: a Debian 12 made here with mmdebstrap, the
// four images that `deploy/images build` makes on it from the programs ctest has built, and one
// with Debian's redis-server. A machine that cannot do it fails with the reason.
class BuiltImages : public ::testing::Environment {
 public:
  static constexpr char kVersion[] = "1.2.3-test";
  static constexpr char kSource[] = "https://example.org/cityinfo";
  static const std::vector<std::string>& Targets();  // articles, metrics, gateway, cityctl

  static BuiltImages& Get();

  ContainerEngine& engine() { return *engine_; }
  // "cityinfo-test/articles:1.2.3-test"
  std::string Reference(const std::string& target) const;
  const std::string& redis() const { return redis_; }
  // articles again, by podman, without any cache.
  const std::string& rebuilt() const { return rebuilt_; }
  // The base, by digest.
  const std::string& base() const { return base_; }
  // What the build printed for a target: {target, reference, id, digest}.
  std::vector<std::string> Printed(const std::string& target) const;
  // Where it put SBOMs and debug symbols.
  std::string Artifact(const std::string& path) const;
  // The folder an image's files are mounted at, read only.
  std::string Root(const std::string& target);

  // Runs deploy/images.
  Outcome ImagesCommand(std::vector<std::string> args,
                        std::map<std::string, std::string> env = {}) const;
  void SetUp() override;
  void TearDown() override;

 private:
  void MakeBase();
  void BuildRedis();
  void BuildTwice();
  // The arguments of `deploy/images build`; the engine's flags are the last, and may be added to.
  std::vector<std::string> BuildArgs(const std::string& engine,
                                     const std::string& repository) const;

  std::unique_ptr<ContainerEngine> engine_;
  std::string base_, redis_, printed_, rebuilt_;
};

}  // namespace cityinfo::deploy
