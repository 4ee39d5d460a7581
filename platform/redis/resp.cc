#include "platform/redis/resp.h"

#include <hiredis/hiredis.h>
#include <hiredis/read.h>

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace cityinfo::redis {
namespace {

// Where hiredis' next object goes: into the array it is an element of, else on its own. An array is
// filled to its end before the next element is added beside it, so the pointer stays good as long
// as hiredis uses it.
Reply* NewReply(const redisReadTask* task, Reply::Type type) {
  Reply* reply = task->parent == nullptr
                     ? new Reply
                     : &static_cast<Reply*>(task->parent->obj)->elements.emplace_back();
  reply->type = type;
  return reply;
}

void* NewText(const redisReadTask* task, char* text, size_t size) {
  Reply* reply = NewReply(task, task->type == REDIS_REPLY_ERROR    ? Reply::Type::kError
                                : task->type == REDIS_REPLY_STATUS ? Reply::Type::kStatus
                                                                   : Reply::Type::kString);
  reply->text.assign(text, size);
  return reply;
}

// Null makes hiredis give up with an error.
void* NewArray(const redisReadTask* task, int elements) {
  int& announced = *static_cast<int*>(task->privdata);
  if (elements > kMostArrayElements - announced) return nullptr;
  announced += elements;
  return NewReply(task, Reply::Type::kArray);
}

void* NewInteger(const redisReadTask* task, long long value) {  // NOLINT: hiredis' own signature
  Reply* reply = NewReply(task, Reply::Type::kInteger);
  reply->integer = value;
  return reply;
}

void* NewNil(const redisReadTask* task) { return NewReply(task, Reply::Type::kNil); }

void FreeReply(void* reply) { delete static_cast<Reply*>(reply); }

redisReplyObjectFunctions kReplyFunctions = {NewText, NewArray, NewInteger, NewNil, FreeReply};

}  // namespace

std::string FormatCommand(std::span<const absl::string_view> parts) {
  size_t size = 16;
  for (absl::string_view part : parts) size += part.size() + 16;
  std::string wire;
  wire.reserve(size);
  absl::StrAppend(&wire, "*", parts.size(), "\r\n");
  for (absl::string_view part : parts)
    absl::StrAppend(&wire, "$", part.size(), "\r\n", part, "\r\n");
  return wire;
}

void ReplyParser::FreeReader::operator()(redisReader* reader) const { redisReaderFree(reader); }

ReplyParser::ReplyParser() : reader_(redisReaderCreateWithFunctions(&kReplyFunctions)) {
  reader_->privdata = &announced_;
}
ReplyParser::~ReplyParser() = default;

void ReplyParser::Feed(const char* bytes, size_t size) {
  // A failure (out of memory) sticks to the reader and comes out of Next().
  redisReaderFeed(reader_.get(), bytes, size);
}

absl::StatusOr<std::optional<Reply>> ReplyParser::Next() {
  void* raw = nullptr;
  if (redisReaderGetReply(reader_.get(), &raw) != REDIS_OK) {
    return absl::DataLossError(absl::StrCat("not the Redis protocol: ", reader_->errstr));
  }
  if (raw == nullptr) return std::nullopt;
  announced_ = 0;
  std::unique_ptr<Reply> reply(static_cast<Reply*>(raw));
  return std::optional<Reply>(std::move(*reply));
}

size_t ReplyParser::buffered() const { return reader_->len - reader_->pos; }

}  // namespace cityinfo::redis
