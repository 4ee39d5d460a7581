#include "services/gateway/http/framing.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "services/gateway/http/head_parser.h"

namespace cityinfo::gateway {
namespace {

// The status a request header gets, 0 when it is accepted.
int Refused(absl::string_view head, const HttpLimits& limits = {}) {
  auto end = FindHeadEnd(head, limits);
  if (const auto* rejection = std::get_if<Rejection>(&end)) return rejection->http_status;
  EXPECT_TRUE(std::get<0>(end).has_value()) << "the header does not end: " << head;
  auto parsed = ParseHead(head, limits);
  if (const auto* rejection = std::get_if<Rejection>(&parsed)) return rejection->http_status;
  const auto framing = CheckFraming(std::get<RequestHead>(parsed));
  if (const auto* rejection = std::get_if<Rejection>(&framing)) return rejection->http_status;
  return 0;
}

int RefusedWith(absl::string_view lines) {
  return Refused(absl::StrCat("POST / HTTP/1.1\r\nHost: a\r\n", lines, "\r\n"));
}

TEST(HeadParser, ReadsARequest) {
  const auto parsed = ParseHead(
      "GET /v1/articles?page_size=2 HTTP/1.1\r\nHost: city\r\nX-Thing:  two words \r\n\r\n", {});
  const RequestHead& head = std::get<RequestHead>(parsed);
  EXPECT_EQ(head.method, "GET");
  EXPECT_EQ(head.path(), "/v1/articles");
  EXPECT_EQ(head.query(), "page_size=2");
  EXPECT_EQ(head.minor_version, 1);
  EXPECT_EQ(head.Field("x-thing"), "two words");
  EXPECT_EQ(head.Field("x-other"), std::nullopt);
}

TEST(HeadParser, AcceptsTheAbsoluteForm) {
  const auto parsed = ParseHead("GET http://city:8080/v1?x=1 HTTP/1.1\r\nHost: city\r\n\r\n", {});
  EXPECT_EQ(std::get<RequestHead>(parsed).target, "/v1?x=1");
}

TEST(HeadParser, WaitsForTheEnd) {
  const auto found = FindHeadEnd("GET / HTTP/1.1\r\nHost: a\r\n", {});
  EXPECT_FALSE(std::get<0>(found).has_value());
}

TEST(HeadParser, RefusesRequestLinesThatAreNone) {
  for (absl::string_view line : {"GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", "G@T / HTTP/1.1",
                                 "GET /\x01 HTTP/1.1", "GET /\xe5\x87\xaf HTTP/1.1",
                                 "GET relative HTTP/1.1", "GET * HTTP/1.1", "/ HTTP/1.1", ""}) {
    EXPECT_EQ(Refused(absl::StrCat(line, "\r\nHost: a\r\n\r\n")), 400) << line;
  }
  EXPECT_EQ(Refused("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(Refused("GET / HTTP/0.9\r\nHost: a\r\n\r\n"), 505);
}

TEST(HeadParser, RefusesWhatOthersMightReadDifferently) {
  EXPECT_EQ(RefusedWith("Content-Length : 3\r\n"), 400) << "space before the colon";
  EXPECT_EQ(RefusedWith("X: a\r\n b\r\n"), 400) << "folded line";
  EXPECT_EQ(RefusedWith(": a\r\n"), 400) << "no name";
  EXPECT_EQ(RefusedWith("X\r\n"), 400) << "no colon";
  EXPECT_EQ(RefusedWith("X: a\rb\r\n"), 400) << "bare CR";
  EXPECT_EQ(RefusedWith("X: a\n"), 400) << "bare LF";
  EXPECT_EQ(RefusedWith(absl::string_view("X: a\0b\r\n", 8)), 400) << "NUL";
}

TEST(HeadParser, KeepsItsLimits) {
  const HttpLimits limits = {.header_bytes = 1000, .header_fields = 5, .target_bytes = 50};
  EXPECT_EQ(
      Refused(absl::StrCat("GET /", std::string(60, 'a'), " HTTP/1.1\r\nHost: a\r\n\r\n"), limits),
      414);
  EXPECT_EQ(Refused(absl::StrCat("GET /", std::string(2000, 'a')), limits), 414);
  EXPECT_EQ(Refused(absl::StrCat("GET / HTTP/1.1\r\nX: ", std::string(2000, 'a')), limits), 431);
  EXPECT_EQ(
      Refused("GET / HTTP/1.1\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\nF: 1\r\n\r\n", limits),
      431);
}

TEST(Framing, AcceptsPlainBodies) {
  EXPECT_EQ(RefusedWith("Content-Length: 3\r\n"), 0);
  EXPECT_EQ(RefusedWith("Transfer-Encoding: chunked\r\n"), 0);
  EXPECT_EQ(RefusedWith("Transfer-Encoding: Chunked\r\n"), 0);
  EXPECT_EQ(RefusedWith("Expect: 100-continue\r\nContent-Length: 3\r\n"), 0);
  EXPECT_EQ(Refused("GET / HTTP/1.0\r\n\r\n"), 0);
}

TEST(Framing, RefusesContentLengthsThatAreNotOnePlainNumber) {
  for (absl::string_view lines :
       {"Content-Length: 3\r\nContent-Length: 3\r\n", "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: 3, 3\r\n", "Content-Length: +3\r\n", "Content-Length: -3\r\n",
        "Content-Length: 0x3\r\n", "Content-Length: 3 \t4\r\n", "Content-Length:\r\n",
        "Content-Length: 99999999999999999999\r\n"}) {
    EXPECT_EQ(RefusedWith(lines), 400) << lines;
  }
}

TEST(Framing, RefusesTransferCodingsThatAreNotJustChunked) {
  for (absl::string_view lines :
       {"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: identity\r\n", "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: \"chunked\"\r\n", "Transfer-Encoding:\r\n"}) {
    EXPECT_EQ(RefusedWith(lines), 400) << lines;
  }
  EXPECT_EQ(Refused("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST(Framing, WantsOneHost) {
  EXPECT_EQ(Refused("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(Refused("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(Refused("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400);
  EXPECT_EQ(Refused("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"), 0);
}

TEST(Framing, MeetsOneExpectationOnly) { EXPECT_EQ(RefusedWith("Expect: tea\r\n"), 417); }

}  // namespace
}  // namespace cityinfo::gateway
