#pragma once

// What one thread did before it gave an operation to gRPC has happened for the thread that gRPC
// gives the result to; and what one end of a call did before it sent has happened for the other end
// when it receives, should both be in one process (a test). ThreadSanitizer cannot see that,
// because gRPC was compiled without it, so we say so. In every other build these do nothing.
#if defined(__SANITIZE_THREAD__)
extern "C" void __tsan_acquire(void* object);
extern "C" void __tsan_release(void* object);
#endif

namespace cityinfo::rpc {

// Stands for the wire between the two ends of every call.
inline char wire;

inline void HandOver([[maybe_unused]] void* operation) {
#if defined(__SANITIZE_THREAD__)
  __tsan_release(operation);
  __tsan_release(&wire);
#endif
}

inline void TakeOver([[maybe_unused]] void* operation) {
#if defined(__SANITIZE_THREAD__)
  __tsan_acquire(operation);
  __tsan_acquire(&wire);
#endif
}

}  // namespace cityinfo::rpc
