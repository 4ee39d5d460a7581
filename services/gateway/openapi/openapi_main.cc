// Writes the OpenAPI document and the page made from it, while the gateway is built:
//   cityinfo-openapi DESCRIPTOR_SET OPENAPI_JSON DOCS_HTML
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "services/gateway/openapi/openapi_document.h"
#include "services/gateway/openapi/reference_page.h"

namespace {

int Fail(const std::string& what) {
  std::fprintf(stderr, "cityinfo-openapi: %s\n", what.c_str());
  return 1;
}

bool Write(const char* path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  return static_cast<bool>(file << text << std::flush);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace cityinfo::gateway;  // NOLINT(google-build-using-namespace)
  if (argc != 4) return Fail("usage: cityinfo-openapi DESCRIPTOR_SET OPENAPI_JSON DOCS_HTML");
  std::ifstream file(argv[1], std::ios::binary);
  const std::string set{std::istreambuf_iterator<char>(file), {}};
  const auto comments = ContractComments::Read(set);
  if (!comments.ok()) return Fail(std::string(comments.status().message()));
  const auto routes = RouteTable::Build(PublicMethods());
  if (!routes.ok()) return Fail(std::string(routes.status().message()));
  const nlohmann::ordered_json openapi = MakeOpenApi(*routes, *comments);
  if (!Write(argv[2], openapi.dump(1) + "\n")) return Fail("cannot write the document");
  if (!Write(argv[3], MakeReferencePage(openapi))) return Fail("cannot write the page");
  return 0;
}
