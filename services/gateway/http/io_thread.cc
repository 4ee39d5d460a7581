#include "services/gateway/http/io_thread.h"

#include <boost/asio/post.hpp>
#include <utility>
#include <vector>

#include "services/gateway/http/connection.h"

namespace cityinfo::gateway {

IoThread::IoThread() : work_(boost::asio::make_work_guard(context_)) {}

IoThread::~IoThread() = default;

void IoThread::Start() {
  thread_ = std::jthread([this] { context_.run(); });
}

void IoThread::Stop() {
  Run([this] {
    // Close() takes the connection out of the set.
    const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
    for (const auto& connection : all) connection->Close();
  });
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  work_.reset();
  if (thread_.joinable()) thread_.join();
}

void IoThread::Run(std::function<void()> task) {
  if (context_.get_executor().running_in_this_thread()) return task();
  absl::MutexLock lock(&mutex_);
  if (!stopped_) boost::asio::post(context_, std::move(task));
}

void IoThread::Add(std::shared_ptr<Connection> connection) {
  connections_.insert(std::move(connection));
}

void IoThread::Remove(const std::shared_ptr<Connection>& connection) {
  connections_.erase(connection);
}

void IoThread::DrainAll() {
  const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) connection->Drain();
}

}  // namespace cityinfo::gateway
