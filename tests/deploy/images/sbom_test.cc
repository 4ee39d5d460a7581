// The SBOM of each image: valid SPDX 2.3, and complete: every file of the image, every package.
#include <filesystem>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/deploy/images/built_images.h"

namespace cityinfo::deploy {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::MatchesRegex;

constexpr char kPath[] = "usr/share/cityinfo/sbom.spdx.json";

class Sbom : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    root_ = BuiltImages::Get().Root(GetParam());
    document_ = Json::parse(testing::ReadFile(absl::StrCat(root_, "/", kPath)), nullptr,
                            /*allow_exceptions=*/false);
    ASSERT_TRUE(document_.is_object());
  }

  // The packages on the other side of a relationship.
  std::set<std::string> Related(const std::string& from, const std::string& type) const {
    std::set<std::string> names;
    for (const Json& relation : document_["relationships"]) {
      if (relation["spdxElementId"] != from || relation["relationshipType"] != type) continue;
      for (const Json& package : document_["packages"]) {
        if (package["SPDXID"] == relation["relatedSpdxElement"]) names.insert(package["name"]);
      }
    }
    return names;
  }

  std::string root_;
  Json document_;
};

INSTANTIATE_TEST_SUITE_P(Each, Sbom, ::testing::ValuesIn(BuiltImages::Targets()),
                         [](const auto& info) { return info.param; });

TEST_P(Sbom, LiesBesideTheImageToo) {
  EXPECT_EQ(testing::ReadFile(absl::StrCat(root_, "/", kPath)),
            testing::ReadFile(
                BuiltImages::Get().Artifact(absl::StrCat("sbom/", GetParam(), ".spdx.json"))));
}

// The rules of SPDX 2.3 for what the document has.
TEST_P(Sbom, IsSpdx) {
  EXPECT_EQ(document_["spdxVersion"], "SPDX-2.3");
  EXPECT_EQ(document_["dataLicense"], "CC0-1.0");
  EXPECT_EQ(document_["SPDXID"], "SPDXRef-DOCUMENT");
  EXPECT_THAT(document_["documentNamespace"].get<std::string>(), MatchesRegex("https://[^#]+"));
  EXPECT_THAT(document_["creationInfo"]["created"].get<std::string>(),
              MatchesRegex("20..-..-..T..:..:..Z"));

  std::set<std::string> ids = {"SPDXRef-DOCUMENT"};
  for (const char* list : {"packages", "files"}) {
    for (const Json& element : document_[list]) {
      const std::string id = element["SPDXID"];
      EXPECT_THAT(id, MatchesRegex("SPDXRef-[A-Za-z0-9.-]+"));
      EXPECT_TRUE(ids.insert(id).second) << id << " is there twice";
      for (const char* field : {"licenseConcluded", "copyrightText"})
        EXPECT_TRUE(element.contains(field)) << id << " " << field;
    }
  }
  for (const Json& package : document_["packages"]) {
    for (const char* field : {"name", "versionInfo", "downloadLocation", "licenseDeclared"})
      EXPECT_NE(package.value(field, std::string()), "") << package["SPDXID"] << " " << field;
    EXPECT_EQ(package["filesAnalyzed"].get<bool>(), package.contains("packageVerificationCode"));
  }
  for (const Json& relation : document_["relationships"]) {
    EXPECT_EQ(ids.count(relation["spdxElementId"]), 1u) << relation;
    EXPECT_EQ(ids.count(relation["relatedSpdxElement"]), 1u) << relation;
  }
}

TEST_P(Sbom, ListsEveryFileWithItsChecksum) {
  std::set<std::string> listed, found;
  for (const Json& file : document_["files"]) {
    const std::string name = file["fileName"];
    listed.insert(name);
    const std::string path = absl::StrCat(root_, "/", name);
    for (const Json& checksum : file["checksums"]) {
      const std::string algorithm = checksum["algorithm"];
      const Outcome sum = RunProgram(absl::StrCat(absl::AsciiStrToLower(algorithm), "sum"), {path});
      EXPECT_EQ(checksum["checksumValue"].get<std::string>(), sum.out.substr(0, sum.out.find(' ')))
          << name;
    }
    EXPECT_EQ(file["checksums"].size(), 2u);
  }
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root_)) {
    if (entry.is_regular_file() && !entry.is_symlink())
      found.insert("./" + fs::relative(entry.path(), root_).string());
  }
  found.erase(absl::StrCat("./", kPath));
  EXPECT_EQ(listed, found);
}

TEST_P(Sbom, NamesEveryPackage) {
  std::set<std::string> recorded = {
      GetParam() == "cityctl" ? "cityctl" : absl::StrCat("cityinfo-", GetParam())};
  for (const fs::directory_entry& entry : fs::directory_iterator(root_ + "/var/lib/dpkg/status.d"))
    recorded.insert(entry.path().filename());
  EXPECT_EQ(Related("SPDXRef-Image", "CONTAINS"), recorded);
  EXPECT_THAT(Related("SPDXRef-Program", "STATIC_LINK"),
              IsSupersetOf({"libboost1.81-dev", "nlohmann-json3-dev"}));
  for (const Json& package : document_["packages"]) {
    const std::string id = package["SPDXID"];
    if (id == "SPDXRef-Image" || id == "SPDXRef-Program") {
      EXPECT_EQ(package["versionInfo"], BuiltImages::kVersion);
      continue;
    }
    EXPECT_THAT(
        package["externalRefs"][0]["referenceLocator"].get<std::string>(),
        MatchesRegex("pkg:deb/debian/[a-z0-9.%B+-]+@[^ ?]+\\?arch=[a-z0-9]+&distro=debian-12"));
  }
}

// The libraries the program names are all there, each from a package the SBOM names.
TEST_P(Sbom, CoversWhatTheProgramLoads) {
  const std::string program =
      GetParam() == "cityctl" ? "cityctl" : absl::StrCat("cityinfo-", GetParam());
  const Outcome needed =
      RunProgram("readelf", {"--dynamic", absl::StrCat(root_, "/usr/bin/", program)});
  std::set<std::string> missing, names;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root_))
    names.insert(entry.path().filename());
  int count = 0;
  for (absl::string_view line : absl::StrSplit(needed.out, '\n')) {
    const size_t at = line.find("Shared library: [");
    if (at == absl::string_view::npos) continue;
    ++count;
    std::string library(line.substr(at + strlen("Shared library: [")));
    library.resize(library.find(']'));
    if (names.count(library) == 0) missing.insert(library);
  }
  EXPECT_GT(count, 5);
  EXPECT_THAT(missing, IsEmpty());
}

}  // namespace
}  // namespace cityinfo::deploy
