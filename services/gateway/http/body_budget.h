#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace cityinfo::gateway {

// Bytes of request bodies that all connections together may hold. Thread-safe.
class BodyBudget {
 public:
  explicit BodyBudget(size_t limit) : limit_(limit) {}

  // Gives its bytes back when destroyed. Must not outlive the budget.
  class Lease {
   public:
    Lease(BodyBudget* budget, size_t bytes) : budget_(budget), bytes_(bytes) {}
    Lease(Lease&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), bytes_(other.bytes_) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (budget_ != nullptr) budget_->used_.fetch_sub(bytes_, std::memory_order_relaxed);
    }

   private:
    BodyBudget* budget_;
    size_t bytes_;
  };

  // nullopt when the bytes are not to be had.
  std::optional<Lease> Take(size_t bytes) {
    if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes > limit_) {
      used_.fetch_sub(bytes, std::memory_order_relaxed);
      return std::nullopt;
    }
    return Lease(this, bytes);
  }

 private:
  const size_t limit_;
  std::atomic<size_t> used_{0};
};

}  // namespace cityinfo::gateway
