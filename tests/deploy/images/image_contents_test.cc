// What is in an image, and what is not.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/deploy/images/built_images.h"
#include "tests/support/child_process.h"

namespace cityinfo::deploy {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// The largest an image may be: several times a program and what it loads, a fraction of Debian.
// Articles also carries the tables of ICU, one file of 30 MB, for which its search folds text.
int64_t MostBytes(const std::string& image) { return (image == "articles" ? 100 : 60) << 20; }
constexpr uid_t kUser = 65532;

class ImageContents : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    root_ = BuiltImages::Get().Root(GetParam());
    ASSERT_TRUE(fs::is_directory(root_));
    image_ = BuiltImages::Get().engine().Inspect(BuiltImages::Get().Reference(GetParam()), "image");
    ASSERT_TRUE(image_.is_object());
  }

  std::string Program() const {
    return GetParam() == "cityctl" ? "cityctl" : absl::StrCat("cityinfo-", GetParam());
  }
  std::string ProgramFile() const { return absl::StrCat(root_, "/usr/bin/", Program()); }

  std::string BuildId(const std::string& file) const {
    const Outcome notes = RunProgram("readelf", {"--notes", file});
    for (absl::string_view line : absl::StrSplit(notes.out, '\n')) {
      if (absl::StrContains(line, "Build ID: "))
        return std::vector<std::string>(absl::StrSplit(line, ": "))[1];
    }
    return "";
  }
  // Where the symbols of a build id were put.
  std::string Symbols(const std::string& id) const {
    return BuiltImages::Get().Artifact(
        absl::StrCat("debug/.build-id/", id.substr(0, 2), "/", id.substr(2), ".debug"));
  }

  std::string root_;
  Json image_;
};

INSTANTIATE_TEST_SUITE_P(Each, ImageContents, ::testing::ValuesIn(BuiltImages::Targets()),
                         [](const auto& info) { return info.param; });

TEST_P(ImageContents, SaysWhatItIs) {
  const Json& config = image_["Config"];
  EXPECT_EQ(config["User"], "65532:65532");
  EXPECT_EQ(config["StopSignal"], "SIGTERM");
  EXPECT_EQ(config["Entrypoint"], Json::array({absl::StrCat("/usr/bin/", Program())}));
  const Json& labels = config["Labels"];
  auto label = [&](const std::string& name) {
    return labels.value(absl::StrCat("org.opencontainers.image.", name), std::string());
  };
  EXPECT_EQ(label("title"), Program());
  EXPECT_GT(label("description").size(), 20u);
  EXPECT_EQ(label("version"), BuiltImages::kVersion);
  EXPECT_EQ(label("source"), BuiltImages::kSource);
  EXPECT_NE(label("licenses"), "");
  const Outcome commit =
      RunProgram("git", {"-C", testing::SourcePath("."), "log", "-1", "--format=%H"});
  EXPECT_EQ(label("revision") + "\n", commit.out);
  EXPECT_THAT(label("created"), ::testing::MatchesRegex("20..-..-..T..:..:..Z"));
  EXPECT_LT(image_["Size"].get<int64_t>(), MostBytes(GetParam()));
}

// Every port of the image is one the program really opens, on every address.
TEST_P(ImageContents, ListensWhereItSays) {
  if (GetParam() == "cityctl") {
    EXPECT_FALSE(image_["Config"].contains("ExposedPorts"));
    return;
  }
  const Outcome check = BuiltImages::Get().engine().Podman(
      {"run", "--rm", "--network=none", "--cgroup-parent",
       BuiltImages::Get().engine().cgroup_parent(), BuiltImages::Get().Reference(GetParam()),
       "--check-config"});
  ASSERT_TRUE(check.ok()) << check.err;
  const Json settings = Json::parse(check.out);
  std::set<std::string> ports, exposed;
  for (const char* listen : {"listen", "admin-listen", "health-listen"}) {
    if (!settings.contains(listen)) continue;
    const std::string address = settings[listen];
    EXPECT_TRUE(absl::StartsWith(address, "0.0.0.0:")) << listen << " " << address;
    ports.insert(address.substr(address.find(':') + 1) + "/tcp");
  }
  for (const auto& port : image_["Config"]["ExposedPorts"].items()) exposed.insert(port.key());
  EXPECT_EQ(ports, exposed);
  EXPECT_EQ(settings.value("data-dir", "/var/lib/cityinfo"), "/var/lib/cityinfo");
}

// The program, the dynamic loader, and no third thing to run.
TEST_P(ImageContents, HasNoShell) {
  std::set<std::string> executables;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root_)) {
    struct stat status;
    ASSERT_EQ(lstat(entry.path().c_str(), &status), 0);
    if (S_ISREG(status.st_mode) && (status.st_mode & 0111) &&
        !absl::StrContains(entry.path().filename().string(), ".so"))
      executables.insert(entry.path().filename());
    EXPECT_EQ(status.st_mode & (S_ISUID | S_ISGID), 0u) << entry.path();
    const bool open_to_all = S_ISLNK(status.st_mode) || entry.path().filename() == "tmp";
    EXPECT_EQ(status.st_mode & S_IWOTH, open_to_all ? S_IWOTH : 0u) << entry.path();
    const bool data = absl::StartsWith(entry.path().string(), root_ + "/var/lib/cityinfo");
    EXPECT_EQ(status.st_uid, data ? kUser : 0u) << entry.path();
  }
  EXPECT_THAT(executables, ElementsAre(Program()));
  for (const char* shell : {"/bin/sh", "/bin/bash", "/usr/bin/busybox"}) {
    const Outcome run = BuiltImages::Get().engine().Podman(
        {"run", "--rm", "--network=none", "--cgroup-parent",
         BuiltImages::Get().engine().cgroup_parent(), "--entrypoint", shell,
         BuiltImages::Get().Reference(GetParam()), "-c", "exit 0"});
    EXPECT_EQ(run.exit_code, 127) << run.err;
  }
}

TEST_P(ImageContents, HasADataFolderWhereOneIsNeeded) {
  const bool keeps_data = GetParam() == "articles" || GetParam() == "metrics";
  EXPECT_EQ(fs::is_directory(root_ + "/var/lib/cityinfo"), keeps_data);
  EXPECT_EQ(image_["Config"].contains("Volumes"), keeps_data);
}

TEST_P(ImageContents, KeepsSymbolsAside) {
  const Outcome sections = RunProgram("readelf", {"--sections", "--wide", ProgramFile()});
  ASSERT_THAT(sections.out, HasSubstr(".dynsym"));
  EXPECT_THAT(sections.out, Not(HasSubstr(".symtab")));
  EXPECT_THAT(sections.out, Not(HasSubstr(".debug_")));

  const std::string id = BuildId(ProgramFile());
  ASSERT_GE(id.size(), 16u);
  ASSERT_TRUE(fs::exists(Symbols(id))) << Symbols(id);
  EXPECT_EQ(BuildId(Symbols(id)), id);
}

// What an operator does with the address of a crash.
TEST_P(ImageContents, AnAddressHasALineInTheSymbols) {
  const std::string symbols = Symbols(BuildId(ProgramFile()));
  const Outcome names = RunProgram("nm", {symbols});
  std::string main;
  for (absl::string_view line : absl::StrSplit(names.out, '\n')) {
    const std::vector<std::string> fields = absl::StrSplit(line, ' ');
    if (fields.size() == 3 && fields[2] == "main") main = fields[0];
  }
  ASSERT_NE(main, "") << names.err;
  const Outcome line = RunProgram("addr2line", {"-e", symbols, "0x" + main});
  EXPECT_THAT(line.out, HasSubstr("main.cc:"));
}

// Debian's own record stands beside every file that came with a package.
TEST_P(ImageContents, HasTheRecordOfEveryPackage) {
  std::set<std::string> recorded;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(root_ + "/var/lib/dpkg/status.d")) {
    recorded.insert(entry.path().filename());
    EXPECT_THAT(testing::ReadFile(entry.path()),
                HasSubstr(absl::StrCat("Package: ", entry.path().filename().string(), "\n")));
    EXPECT_TRUE(fs::exists(
        absl::StrCat(root_, "/usr/share/doc/", entry.path().filename().string(), "/copyright")));
  }
  EXPECT_THAT(recorded, ::testing::IsSupersetOf({"libc6", "libstdc++6", "libssl3"}));
}

TEST(ImageLayers, ServicesShareTheirLibraries) {
  std::set<std::string> second_layers;
  for (const char* target : {"articles", "metrics", "gateway"}) {
    const Json image =
        BuiltImages::Get().engine().Inspect(BuiltImages::Get().Reference(target), "image");
    second_layers.insert(image["RootFS"]["Layers"][0].get<std::string>());
  }
  EXPECT_EQ(second_layers.size(), 1u);
}

}  // namespace
}  // namespace cityinfo::deploy
