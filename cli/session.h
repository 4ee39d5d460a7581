// What every command shares: where the gateway is, how to print, and how the command ended.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "cli/api_client.h"

namespace cityinfo::cli {

class Session {
 public:
  std::string url = "http://127.0.0.1:8080";
  std::string key;
  bool json = false;

  ApiClient& api() {
    if (!api_) api_ = std::make_unique<ApiClient>(HttpClient::Options{.base_url = url, .key = key});
    return *api_;
  }

  // Runs `body` when `command` was given; its status becomes the exit code.
  void On(CLI::App* command, std::function<absl::Status()> body) {
    command->callback([this, body = std::move(body)] { status = body(); });
  }

  absl::Status status;
  // When set, the exit code instead of the status's own.
  int exit_code = -1;

 private:
  std::unique_ptr<ApiClient> api_;
};

// Each adds its commands to `app`. `session` must outlive the parsing.
void AddImportCommands(CLI::App& app, Session& session);
void AddArticleCommands(CLI::App& app, Session& session);
void AddObservationCommands(CLI::App& app, Session& session);
void AddAssessmentCommands(CLI::App& app, Session& session);
void AddFigureCommands(CLI::App& app, Session& session);
void AddEventCommands(CLI::App& app, Session& session);
void AddStatusCommand(CLI::App& app, Session& session);

}  // namespace cityinfo::cli
