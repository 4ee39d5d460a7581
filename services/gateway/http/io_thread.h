#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <thread>
#include <unordered_set>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace cityinfo::gateway {

class Connection;

// One thread that moves bytes, and the connections that live on it. A connection never changes its
// thread, so its state needs no lock.
class IoThread : public std::enable_shared_from_this<IoThread> {
 public:
  IoThread();
  // Stop() must have been called if Start() was.
  ~IoThread();
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  void Start();
  // Closes every connection and joins. What is posted later is dropped.
  void Stop();

  boost::asio::io_context& context() { return context_; }

  // Runs `task` on this thread: at once when called from it, later from others, never after Stop.
  void Run(std::function<void()> task);

  // On this thread only.
  void Add(std::shared_ptr<Connection> connection);
  void Remove(const std::shared_ptr<Connection>& connection);
  void DrainAll();

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace cityinfo::gateway
