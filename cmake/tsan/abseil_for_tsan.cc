// ThreadSanitizer sees only code it has instrumented, and Debian's Abseil is prebuilt without it:
// every absl::Mutex would look like no lock at all. In the tsan preset the linker (--wrap, see the
// list in tsan.cmake) sends our calls to Abseil's locks through these functions, which tell the
// sanitizer what happens and then do it. Linked into no other build.
#include <sanitizer/tsan_interface.h>

#include "absl/time/time.h"

namespace {

constexpr unsigned kWrite = 0;
constexpr unsigned kRead = __tsan_mutex_read_lock;

// For locks that wait for a condition, which must hold the mutex exclusively (we cannot tell here):
// the mutex is given up and taken again. Between pre_lock and post_lock the sanitizer looks away,
// which is right for conditions evaluated inside the library.
void BeginLock(void* mutex, unsigned how) { __tsan_mutex_pre_lock(mutex, how); }
void EndLock(void* mutex, unsigned how) { __tsan_mutex_post_lock(mutex, how, 0); }
void BeginWait(void* mutex) {
  __tsan_mutex_pre_unlock(mutex, kWrite);
  __tsan_mutex_post_unlock(mutex, kWrite);
  BeginLock(mutex, kWrite);
}

}  // namespace

#define REAL(name) __real__ZN4absl7debian3##name
#define WRAP(name) __wrap__ZN4absl7debian3##name

// clang-format off
#define WRAP_LOCK(name, how)                                                                       \
  void REAL(name)(void* mutex);                                                                    \
  void WRAP(name)(void* mutex) { BeginLock(mutex, how); REAL(name)(mutex); EndLock(mutex, how); }
#define WRAP_UNLOCK(name, how)                                                                     \
  void REAL(name)(void* mutex);                                                                    \
  void WRAP(name)(void* mutex) {                                                                   \
    __tsan_mutex_pre_unlock(mutex, how); REAL(name)(mutex); __tsan_mutex_post_unlock(mutex, how);  \
  }
#define WRAP_TRY_LOCK(name, how)                                                                   \
  bool REAL(name)(void* mutex);                                                                    \
  bool WRAP(name)(void* mutex) {                                                                   \
    __tsan_mutex_pre_lock(mutex, how | __tsan_mutex_try_lock);                                     \
    const bool locked = REAL(name)(mutex);                                                         \
    __tsan_mutex_post_lock(mutex, how | __tsan_mutex_try_lock |                                    \
                           (locked ? 0 : __tsan_mutex_try_lock_failed), 0);                        \
    return locked;                                                                                 \
  }
#define WRAP_LOCK_WHEN(name, how)                                                                  \
  void REAL(name)(void* mutex, const void* condition);                                             \
  void WRAP(name)(void* mutex, const void* condition) {                                            \
    BeginLock(mutex, how); REAL(name)(mutex, condition); EndLock(mutex, how);                      \
  }
#define WRAP_AWAIT(name)                                                                           \
  void REAL(name)(void* mutex, const void* condition);                                             \
  void WRAP(name)(void* mutex, const void* condition) {                                            \
    BeginWait(mutex); REAL(name)(mutex, condition); EndLock(mutex, kWrite);                        \
  }
#define WRAP_AWAIT_UNTIL(name, Limit)                                                              \
  bool REAL(name)(void* mutex, const void* condition, Limit limit);                                \
  bool WRAP(name)(void* mutex, const void* condition, Limit limit) {                               \
    BeginWait(mutex);                                                                              \
    const bool result = REAL(name)(mutex, condition, limit);                                       \
    EndLock(mutex, kWrite);                                                                        \
    return result;                                                                                 \
  }
#define WRAP_WAIT(name)                                                                            \
  void REAL(name)(void* variable, void* mutex);                                                    \
  void WRAP(name)(void* variable, void* mutex) {                                                   \
    BeginWait(mutex); REAL(name)(variable, mutex); EndLock(mutex, kWrite);                         \
  }
#define WRAP_WAIT_UNTIL(name, Limit)                                                               \
  bool REAL(name)(void* variable, void* mutex, Limit limit);                                       \
  bool WRAP(name)(void* variable, void* mutex, Limit limit) {                                      \
    BeginWait(mutex);                                                                              \
    const bool result = REAL(name)(variable, mutex, limit);                                        \
    EndLock(mutex, kWrite);                                                                        \
    return result;                                                                                 \
  }
// clang-format on

extern "C" {

WRAP_LOCK(5Mutex4LockEv, kWrite)
WRAP_LOCK(5Mutex10ReaderLockEv, kRead)
WRAP_UNLOCK(5Mutex6UnlockEv, kWrite)
WRAP_UNLOCK(5Mutex12ReaderUnlockEv, kRead)
WRAP_TRY_LOCK(5Mutex7TryLockEv, kWrite)
WRAP_LOCK_WHEN(5Mutex8LockWhenERKNS0_9ConditionE, kWrite)
WRAP_AWAIT(5Mutex5AwaitERKNS0_9ConditionE)
WRAP_AWAIT_UNTIL(5Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE, absl::Time)
WRAP_AWAIT_UNTIL(5Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE, absl::Duration)
WRAP_WAIT(7CondVar4WaitEPNS0_5MutexE)
WRAP_WAIT_UNTIL(7CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE, absl::Time)
WRAP_WAIT_UNTIL(7CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE, absl::Duration)

void REAL(5MutexD1Ev)(void* mutex);
void WRAP(5MutexD1Ev)(void* mutex) {
  __tsan_mutex_destroy(mutex, __tsan_mutex_not_static);
  REAL(5MutexD1Ev)(mutex);
}

void __real__ZN4absl7debian312Notification6NotifyEv(void* notification);
void __wrap__ZN4absl7debian312Notification6NotifyEv(void* notification) {
  __tsan_release(notification);
  __real__ZN4absl7debian312Notification6NotifyEv(notification);
}

void __real__ZNK4absl7debian312Notification19WaitForNotificationEv(void* notification);
void __wrap__ZNK4absl7debian312Notification19WaitForNotificationEv(void* notification) {
  __real__ZNK4absl7debian312Notification19WaitForNotificationEv(notification);
  __tsan_acquire(notification);
}

bool __real__ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE(
    void* notification, absl::Duration limit);
bool __wrap__ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE(
    void* notification, absl::Duration limit) {
  const bool notified =
      __real__ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE(
          notification, limit);
  if (notified) __tsan_acquire(notification);
  return notified;
}

bool __real__ZNK4absl7debian312Notification31WaitForNotificationWithDeadlineENS0_4TimeE(
    void* notification, absl::Time limit);
bool __wrap__ZNK4absl7debian312Notification31WaitForNotificationWithDeadlineENS0_4TimeE(
    void* notification, absl::Time limit) {
  const bool notified =
      __real__ZNK4absl7debian312Notification31WaitForNotificationWithDeadlineENS0_4TimeE(
          notification, limit);
  if (notified) __tsan_acquire(notification);
  return notified;
}

}  // extern "C"
