#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace cityinfo::config {

// The settings of a program, each with a flag, an environment variable, a default and a meaning. A
// flag wins over the environment, which wins over the default. Everything is checked once, at the
// start, and a bad value names itself: "--port=70000: must be between 0 and 65535 (from environment
// CITYINFO_HTTP_PORT)".
//
//   struct Config { int port = 8080; absl::Duration drain = absl::Seconds(5); };
//
//   Config config;
//   Options options("cityinfo-gateway", "The door of the city: HTTP for apps.");
//   options.Port("port", "CITYINFO_HTTP_PORT", &config.port, "Port to listen on; 0 takes any");
//   options.Duration("drain", "CITYINFO_DRAIN", &config.drain, {absl::ZeroDuration(),
//   absl::Minutes(1)}, "…"); if (std::optional<int> exit_code = options.ParseMain(argc, argv))
//   return *exit_code;
//
// The default is the value the target has when it is declared. Targets must outlive the parsing.
// Flags are written --port=1 or --port 1; booleans also --sample and --no-sample. An empty
// environment variable counts as not set.
class Options {
 public:
  Options(absl::string_view program, absl::string_view summary);

  Options& String(absl::string_view flag, absl::string_view env, std::string* target,
                  absl::string_view help);
  // A string that is never printed back.
  Options& Secret(absl::string_view flag, absl::string_view env, std::string* target,
                  absl::string_view help);
  struct IntRange {
    int64_t min;
    int64_t max;
  };
  Options& Int(absl::string_view flag, absl::string_view env, int* target, IntRange range,
               absl::string_view help);
  Options& Int64(absl::string_view flag, absl::string_view env, int64_t* target, IntRange range,
                 absl::string_view help);
  // 0 to 65535.
  Options& Port(absl::string_view flag, absl::string_view env, int* target, absl::string_view help);
  // 1/0, true/false, yes/no, on/off.
  Options& Bool(absl::string_view flag, absl::string_view env, bool* target,
                absl::string_view help);
  // "250ms", "5s", "1h30m".
  struct DurationRange {
    absl::Duration min;
    absl::Duration max;
  };
  Options& Duration(absl::string_view flag, absl::string_view env, absl::Duration* target,
                    DurationRange range, absl::string_view help);
  // A file or folder; must not be empty. Whether it exists is the business of whoever opens it.
  Options& Path(absl::string_view flag, absl::string_view env, std::string* target,
                absl::string_view help);
  // "127.0.0.1:6379", "[::1]:6379"; may be empty where the default is empty.
  Options& HostPort(absl::string_view flag, absl::string_view env, std::string* target,
                    absl::string_view help);
  // One of `choices`.
  Options& Choice(absl::string_view flag, absl::string_view env, std::string* target,
                  std::vector<std::string> choices, absl::string_view help);
  // A number with a fraction.
  struct NumberRange {
    double min;
    double max;
  };
  Options& Number(absl::string_view flag, absl::string_view env, double* target, NumberRange range,
                  absl::string_view help);
  // A string that `check` accepts; the message of its error says what the string must be. A refused
  // value is not printed back with kOnlyWhenGood: it may hold a password.
  using Check = std::function<absl::Status(absl::string_view)>;
  enum class Shown { kAlways, kOnlyWhenGood };
  Options& Checked(absl::string_view flag, absl::string_view env, std::string* target, Check check,
                   absl::string_view help, Shown shown = Shown::kAlways);

  // What several settings must be together; asked when each has been read. The message of the error
  // names the flags.
  Options& Together(std::function<absl::Status()> check);

  // A number that follows from the settings and that operators need; --check-config prints it.
  Options& Derived(absl::string_view name, std::function<int64_t()> value);

  // Reads `argv` (without the program's name in front being looked at) and `environment`
  // ("NAME=value" strings, ended by null). INVALID_ARGUMENT for the first thing that is wrong;
  // targets may then have been changed.
  absl::Status Parse(int argc, const char* const* argv, const char* const* environment);

  // For main: parses with the process's environment. Nothing means go on; otherwise help or, for
  // --check-config, the settings (0) or the error (2) have been printed and main returns that code.
  std::optional<int> ParseMain(int argc, const char* const* argv);

  // True after Parse if --help was given.
  bool help_requested() const { return help_requested_; }
  // The text of --help.
  std::string Help() const;

  // True after Parse if --check-config was given: print the settings and end.
  bool check_requested() const { return check_requested_; }
  // The settings as they stand now and what is derived from them, as one JSON object by the names
  // of the flags: {"listen":"127.0.0.1:50051","workers":4,"shutdown_limit_seconds":17}. Durations
  // are written as the flags take them, secrets as "(set)" or "(not set)".
  std::string SettingsJson() const;

  // Every setting as it stands now, for a log line at the start; secrets as "(set)" or "(not set)".
  struct Setting {
    std::string flag;
    std::string value;
    std::string origin;  // "flag", "environment NAME", "default"
  };
  std::vector<Setting> Settings() const;

 private:
  struct Option {
    std::string flag;
    std::string env;
    std::string help;
    std::string default_text;
    bool boolean = false;
    bool number = false;  // written without quotes in JSON
    bool secret = false;  // a refused value is not printed back
    // Checks and stores; an error says only what is wrong ("must be …").
    std::function<absl::Status(absl::string_view)> set;
    std::function<std::string()> show;
    std::string origin = "default";
  };

  Options& Add(Option option);
  Option* Find(absl::string_view flag);
  static absl::Status Assign(Option& option, absl::string_view value, const std::string& origin);
  absl::Status ReadEnvironment(const char* const* environment);
  absl::Status ReadFlags(int argc, const char* const* argv);

  const std::string program_;
  const std::string summary_;
  std::vector<Option> options_;
  std::vector<std::function<absl::Status()>> together_;
  std::vector<std::pair<std::string, std::function<int64_t()>>> derived_;
  bool help_requested_ = false;
  bool check_requested_ = false;
};

}  // namespace cityinfo::config
