#include "platform/base/id.h"

#include <sys/random.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "absl/time/time.h"

namespace cityinfo::base {
namespace {

constexpr char kDigits[] = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr size_t kTimeDigits = 9;     // 45 bits of milliseconds: enough until the year 3084
constexpr size_t kRandomDigits = 11;  // 55 bits

uint64_t RandomBits() {
  uint64_t bits;
  // Up to 256 bytes never come back short, and only before the machine's first boot entropy does it
  // wait.
  if (getrandom(&bits, sizeof(bits), 0) != static_cast<ssize_t>(sizeof(bits))) std::abort();
  return bits;
}

void AppendDigits(uint64_t value, size_t count, std::string* id) {
  for (size_t i = count; i-- > 0;) id->push_back(kDigits[(value >> (5 * i)) & 31]);
}

}  // namespace

std::string NewId(const Clock& clock) {
  std::string id;
  id.reserve(kTimeDigits + kRandomDigits);
  AppendDigits(static_cast<uint64_t>(absl::ToUnixMillis(clock.Now())), kTimeDigits, &id);
  AppendDigits(RandomBits(), kRandomDigits, &id);
  return id;
}

bool IsId(absl::string_view id) {
  if (id.size() != kTimeDigits + kRandomDigits) return false;
  for (char digit : id) {
    if (digit == '\0' || std::strchr(kDigits, digit) == nullptr) return false;
  }
  return true;
}

}  // namespace cityinfo::base
