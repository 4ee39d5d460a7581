#pragma once

#include <string>

#include "platform/config/options.h"
#include "platform/database/open.h"

namespace cityinfo::host {

// What can be set about the store of a service.
struct StoreOptions {
  std::string data_dir = "cityinfo-data";
  std::string store;  // "sqlite:PATH" or "postgresql://…"; empty: a SQLite file in data_dir
  std::string standby;
  std::string password_file;
  int connections = 8;
  std::string migrate = "auto";
  std::string backup_to;  // empty: serve

  // Whether the program is to do something to the store and end, instead of serving.
  bool task_only() const { return migrate == "only" || !backup_to.empty(); }
};

// As for ProcessOptions. The file in the data folder is <name>.db.
void Declare(const std::string& env_prefix, const std::string& name, StoreOptions* store,
             config::Options* options);

// The same, in the form that databases are opened by, the default address filled in.
database::Options ToDatabaseOptions(const StoreOptions& store, const std::string& name);

}  // namespace cityinfo::host
