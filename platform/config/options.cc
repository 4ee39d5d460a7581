#include "platform/config/options.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <iostream>
#include <limits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "platform/base/error.h"
#include "platform/base/host_port.h"
#include "platform/base/json_text.h"

namespace cityinfo::config {
namespace {

// Says what a value must be; Assign adds which value it was and where it came from.
absl::Status Must(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("must be ", what));
}

std::optional<bool> ReadBool(absl::string_view text) {
  const std::string word = absl::AsciiStrToLower(text);
  if (word == "1" || word == "true" || word == "yes" || word == "on") return true;
  if (word == "0" || word == "false" || word == "no" || word == "off") return false;
  return std::nullopt;
}

absl::StatusOr<int64_t> ReadInt(absl::string_view text, Options::IntRange range) {
  int64_t value = 0;
  // SimpleAtoi also takes blanks around the number, which in a setting are a mistake.
  const bool number = absl::SimpleAtoi(text, &value) && !absl::ascii_isspace(text.front()) &&
                      !absl::ascii_isspace(text.back());
  if (!number) return Must("a whole number");
  if (value < range.min || value > range.max) {
    return Must(absl::StrCat("between ", range.min, " and ", range.max));
  }
  return value;
}

std::string ShowBool(bool value) { return value ? "true" : "false"; }

}  // namespace

Options::Options(absl::string_view program, absl::string_view summary)
    : program_(program), summary_(summary) {}

Options& Options::Add(Option option) {
  option.default_text = option.show();
  options_.push_back(std::move(option));
  return *this;
}

Options& Options::String(absl::string_view flag, absl::string_view env, std::string* target,
                         absl::string_view help) {
  return Add({.flag = std::string(flag),
              .env = std::string(env),
              .help = std::string(help),
              .set =
                  [target](absl::string_view text) {
                    *target = std::string(text);
                    return absl::OkStatus();
                  },
              .show = [target] { return *target; }});
}

Options& Options::Secret(absl::string_view flag, absl::string_view env, std::string* target,
                         absl::string_view help) {
  String(flag, env, target, help);
  options_.back().secret = true;
  options_.back().show = [target] { return target->empty() ? "(not set)" : "(set)"; };
  options_.back().default_text = options_.back().show();
  return *this;
}

Options& Options::Int64(absl::string_view flag, absl::string_view env, int64_t* target,
                        IntRange range, absl::string_view help) {
  return Add({.flag = std::string(flag),
              .env = std::string(env),
              .help = std::string(help),
              .number = true,
              .set =
                  [target, range](absl::string_view text) {
                    const absl::StatusOr<int64_t> value = ReadInt(text, range);
                    if (value.ok()) *target = *value;
                    return value.status();
                  },
              .show = [target] { return absl::StrCat(*target); }});
}

Options& Options::Int(absl::string_view flag, absl::string_view env, int* target, IntRange range,
                      absl::string_view help) {
  range.min = std::max<int64_t>(range.min, std::numeric_limits<int>::min());
  range.max = std::min<int64_t>(range.max, std::numeric_limits<int>::max());
  return Add({.flag = std::string(flag),
              .env = std::string(env),
              .help = std::string(help),
              .number = true,
              .set =
                  [target, range](absl::string_view text) {
                    const absl::StatusOr<int64_t> value = ReadInt(text, range);
                    if (value.ok()) *target = static_cast<int>(*value);
                    return value.status();
                  },
              .show = [target] { return absl::StrCat(*target); }});
}

Options& Options::Port(absl::string_view flag, absl::string_view env, int* target,
                       absl::string_view help) {
  return Int(flag, env, target, {0, 65535}, help);
}

Options& Options::Bool(absl::string_view flag, absl::string_view env, bool* target,
                       absl::string_view help) {
  return Add({.flag = std::string(flag),
              .env = std::string(env),
              .help = std::string(help),
              .boolean = true,
              .set =
                  [target](absl::string_view text) {
                    const std::optional<bool> value = ReadBool(text);
                    if (!value.has_value()) return Must("true or false");
                    *target = *value;
                    return absl::OkStatus();
                  },
              .show = [target] { return ShowBool(*target); }});
}

Options& Options::Duration(absl::string_view flag, absl::string_view env, absl::Duration* target,
                           DurationRange range, absl::string_view help) {
  return Add({.flag = std::string(flag),
              .env = std::string(env),
              .help = std::string(help),
              .set =
                  [target, range](absl::string_view text) {
                    absl::Duration value;
                    if (!absl::ParseDuration(text, &value)) {
                      return Must("a duration such as 250ms, 5s or 1h30m");
                    }
                    if (value < range.min || value > range.max) {
                      return Must(absl::StrCat("between ", absl::FormatDuration(range.min), " and ",
                                               absl::FormatDuration(range.max)));
                    }
                    *target = value;
                    return absl::OkStatus();
                  },
              .show = [target] { return absl::FormatDuration(*target); }});
}

Options& Options::Path(absl::string_view flag, absl::string_view env, std::string* target,
                       absl::string_view help) {
  return Add({.flag = std::string(flag),
              .env = std::string(env),
              .help = std::string(help),
              .set =
                  [target](absl::string_view text) {
                    if (text.empty()) return Must("a path");
                    *target = std::string(text);
                    return absl::OkStatus();
                  },
              .show = [target] { return *target; }});
}

Options& Options::HostPort(absl::string_view flag, absl::string_view env, std::string* target,
                           absl::string_view help) {
  const bool may_be_empty = target->empty();
  return Add({.flag = std::string(flag),
              .env = std::string(env),
              .help = std::string(help),
              .set =
                  [target, may_be_empty](absl::string_view text) {
                    if (!(text.empty() && may_be_empty) && !base::ParseHostPort(text).ok()) {
                      return Must("host:port, with a port between 0 and 65535");
                    }
                    *target = std::string(text);
                    return absl::OkStatus();
                  },
              .show = [target] { return *target; }});
}

Options& Options::Choice(absl::string_view flag, absl::string_view env, std::string* target,
                         std::vector<std::string> choices, absl::string_view help) {
  const std::string all = absl::StrJoin(choices, ", ");
  return Add({.flag = std::string(flag),
              .env = std::string(env),
              .help = absl::StrCat(help, " (", all, ")"),
              .set =
                  [target, choices = std::move(choices), all](absl::string_view text) {
                    if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
                      return Must(absl::StrCat("one of ", all));
                    }
                    *target = std::string(text);
                    return absl::OkStatus();
                  },
              .show = [target] { return *target; }});
}

Options& Options::Number(absl::string_view flag, absl::string_view env, double* target,
                         NumberRange range, absl::string_view help) {
  return Add({.flag = std::string(flag),
              .env = std::string(env),
              .help = std::string(help),
              .number = true,
              .set =
                  [target, range](absl::string_view text) {
                    double value = 0;
                    // Written so that NaN is no number either.
                    if (!absl::SimpleAtod(text, &value) ||
                        !(value >= range.min && value <= range.max)) {
                      return Must(absl::StrCat("a number between ", range.min, " and ", range.max));
                    }
                    *target = value;
                    return absl::OkStatus();
                  },
              .show = [target] { return absl::StrCat(*target); }});
}

Options& Options::Checked(absl::string_view flag, absl::string_view env, std::string* target,
                          Check check, absl::string_view help, Shown shown) {
  return Add({.flag = std::string(flag),
              .env = std::string(env),
              .help = std::string(help),
              .secret = shown == Shown::kOnlyWhenGood,
              .set =
                  [target, check = std::move(check)](absl::string_view text) {
                    absl::Status status = check(text);
                    if (status.ok()) *target = std::string(text);
                    return status;
                  },
              .show = [target] { return *target; }});
}

Options& Options::Together(std::function<absl::Status()> check) {
  together_.push_back(std::move(check));
  return *this;
}

Options& Options::Derived(absl::string_view name, std::function<int64_t()> value) {
  derived_.emplace_back(std::string(name), std::move(value));
  return *this;
}

Options::Option* Options::Find(absl::string_view flag) {
  for (Option& option : options_) {
    if (option.flag == flag) return &option;
  }
  return nullptr;
}

absl::Status Options::Assign(Option& option, absl::string_view value, const std::string& origin) {
  const absl::Status status = option.set(value);
  if (status.ok()) {
    option.origin = origin;
    return status;
  }
  const absl::string_view shown = option.secret ? absl::string_view("(hidden)") : value;
  const std::string from = origin == "flag" ? "" : absl::StrCat(" (from ", origin, ")");
  return base::MakeError(absl::StatusCode::kInvalidArgument, "INVALID_SETTING",
                         absl::StrCat("--", option.flag, "=", shown, ": ", status.message(), from));
}

absl::Status Options::ReadEnvironment(const char* const* environment) {
  for (Option& option : options_) {
    if (option.env.empty()) continue;
    for (const char* const* entry = environment; entry != nullptr && *entry != nullptr; ++entry) {
      absl::string_view value = *entry;
      if (!absl::ConsumePrefix(&value, option.env) || !absl::ConsumePrefix(&value, "=")) continue;
      if (value.empty()) break;
      absl::Status status = Assign(option, value, absl::StrCat("environment ", option.env));
      if (!status.ok()) return status;
      break;
    }
  }
  return absl::OkStatus();
}

absl::Status Options::ReadFlags(int argc, const char* const* argv) {
  const auto wrong = [this](absl::string_view what) {
    return base::MakeError(absl::StatusCode::kInvalidArgument, "INVALID_SETTING",
                           absl::StrCat(what, "; see ", program_, " --help"));
  };
  for (int i = 1; i < argc; ++i) {
    absl::string_view text = argv[i];
    if (text == "--help" || text == "-h") {
      help_requested_ = true;
      continue;
    }
    if (text == "--check-config") {
      check_requested_ = true;
      continue;
    }
    if (!absl::ConsumePrefix(&text, "--") || text.empty()) {
      return wrong(absl::StrCat("unexpected argument \"", argv[i], "\""));
    }
    const size_t equals = text.find('=');
    const absl::string_view name = text.substr(0, equals);
    Option* option = Find(name);
    std::optional<absl::string_view> value;
    if (equals != absl::string_view::npos) {
      value = text.substr(equals + 1);
    } else if (option != nullptr && option->boolean) {
      value = "true";
    } else if (option == nullptr && absl::StartsWith(name, "no-")) {
      option = Find(name.substr(3));
      if (option != nullptr && !option->boolean) option = nullptr;
      value = "false";
    } else if (option != nullptr && i + 1 < argc) {
      value = argv[++i];
    }
    if (option == nullptr) return wrong(absl::StrCat("unknown flag --", name));
    if (!value.has_value()) return wrong(absl::StrCat("--", name, " needs a value"));
    absl::Status status = Assign(*option, *value, "flag");
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Options::Parse(int argc, const char* const* argv, const char* const* environment) {
  absl::Status status = ReadEnvironment(environment);
  // Flags are read even then: --help must work whatever the environment says.
  status.Update(ReadFlags(argc, argv));
  if (help_requested_) return absl::OkStatus();
  for (const std::function<absl::Status()>& check : together_) {
    if (status.ok()) status = check();
  }
  return status;
}

std::optional<int> Options::ParseMain(int argc, const char* const* argv) {
  const absl::Status status = Parse(argc, argv, environ);
  if (help_requested_) {
    std::cout << Help();
    return 0;
  }
  if (status.ok() && check_requested_) {
    std::cout << SettingsJson() << "\n";
    return 0;
  }
  if (status.ok()) return std::nullopt;
  std::cerr << program_ << ": " << std::string(status.message()) << "\n";
  return 2;
}

std::string Options::Help() const {
  std::string text =
      absl::StrCat(program_, " - ", summary_, "\n\nSettings, by flag, else by environment:\n");
  for (const Option& option : options_) {
    absl::StrAppend(&text, "\n  --", option.boolean ? "[no-]" : "", option.flag,
                    option.boolean ? "" : "=VALUE");
    if (!option.env.empty()) absl::StrAppend(&text, "   ", option.env);
    absl::StrAppend(&text, "\n      ", option.help, "\n      default: ",
                    option.default_text.empty() ? "(none)" : option.default_text, "\n");
  }
  return text +
         "\n  --check-config\n      Checks the settings, prints them as JSON, and ends.\n"
         "\n  --help\n      Prints this.\n";
}

std::string Options::SettingsJson() const {
  std::string json = "{";
  const auto append = [&json](absl::string_view name, absl::string_view value, bool quoted) {
    if (json.size() > 1) json.push_back(',');
    base::AppendJsonString(name, &json);
    json.push_back(':');
    if (quoted) {
      base::AppendJsonString(value, &json);
    } else {
      absl::StrAppend(&json, value);
    }
  };
  for (const Option& option : options_) {
    append(option.flag, option.show(), !option.boolean && !option.number);
  }
  for (const auto& [name, value] : derived_) append(name, absl::StrCat(value()), /*quoted=*/false);
  return json + "}";
}

std::vector<Options::Setting> Options::Settings() const {
  std::vector<Setting> settings;
  for (const Option& option : options_) {
    settings.push_back({.flag = option.flag, .value = option.show(), .origin = option.origin});
  }
  return settings;
}

}  // namespace cityinfo::config
