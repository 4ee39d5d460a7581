# What ThreadSanitizer needs besides -fsanitize=thread; see abseil_for_tsan.cc for why.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Asio has fences, which this sanitizer does not model and GCC warns about; our code has none.
  target_compile_options(cityinfo_flags INTERFACE -Wno-tsan)
endif()

add_library(abseil_for_tsan STATIC ${CMAKE_CURRENT_LIST_DIR}/abseil_for_tsan.cc)
target_link_libraries(abseil_for_tsan PRIVATE absl::time)
target_link_libraries(cityinfo_flags INTERFACE abseil_for_tsan)
foreach(symbol
    _ZN4absl7debian35Mutex4LockEv _ZN4absl7debian35Mutex10ReaderLockEv
    _ZN4absl7debian35Mutex6UnlockEv _ZN4absl7debian35Mutex12ReaderUnlockEv
    _ZN4absl7debian35Mutex7TryLockEv _ZN4absl7debian35Mutex8LockWhenERKNS0_9ConditionE
    _ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE
    _ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE
    _ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE
    _ZN4absl7debian35MutexD1Ev
    _ZN4absl7debian37CondVar4WaitEPNS0_5MutexE
    _ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE
    _ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE
    _ZN4absl7debian312Notification6NotifyEv _ZNK4absl7debian312Notification19WaitForNotificationEv
    _ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE
    _ZNK4absl7debian312Notification31WaitForNotificationWithDeadlineENS0_4TimeE)
  target_link_options(cityinfo_flags INTERFACE -Wl,--wrap=${symbol})
endforeach()
