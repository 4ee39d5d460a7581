#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "cityinfo/articles/v1/article_service.grpc.pb.h"
#include "platform/base/error.h"
#include "platform/rpc/client.h"
#include "tests/support/child_process.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::articles {

using Stub = v1::ArticleService::Stub;

// A real cityinfo-articles on ports of its own, over a data folder that outlives it. The ports stay
// the same over restarts, as a client expects.
class ArticlesProcess {
 public:
  // Starts it; what the arguments do not say is set for tests.
  absl::Status Start(std::vector<std::string> extra_args = {});
  void Kill() { process_->Kill(); }  // kill -9
  testing::ChildProcess& process() { return *process_; }

  int grpc_port() const { return grpc_port_; }
  int admin_port() const { return admin_port_; }
  std::string data_dir() const { return dir_.File("data"); }
  Stub& stub() { return *stub_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // A call as the gateway makes it for somebody of this role; "" is a service of ours.
  static rpc::CallOptions As(const std::string& role);

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const std::type_identity_t<Request>& request,
                                const std::string& role = "editor") {
    return rpc::CallUnary(*stub_, method, As(role), request);
  }

 private:
  testing::TempDir dir_;
  int grpc_port_ = 0;
  int admin_port_ = 0;
  std::unique_ptr<testing::ChildProcess> process_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Stub> stub_;
};

// A page written for these tests: two articles.
std::string SamplePageText();
v1::ImportPageRequest SamplePage();
v1::CreateArticleRequest SampleArticle(int number);

// EXPECT_THAT(result, FailsWith(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
MATCHER_P2(FailsWith, code, reason, "") {
  const absl::Status& status = testing::StatusOf(arg);
  *result_listener << "which is " << base::ErrorText(status);
  return status.code() == code && base::ErrorReason(status) == reason;
}

// EXPECT_THAT(result, BlamesField("page_size"));
MATCHER_P(BlamesField, field, "") {
  const absl::Status& status = testing::StatusOf(arg);
  *result_listener << "which is " << base::ErrorText(status);
  const std::vector<base::FieldViolation> violations = base::FieldViolations(status);
  return absl::IsInvalidArgument(status) && violations.size() == 1 && violations[0].field == field;
}

}  // namespace cityinfo::articles
