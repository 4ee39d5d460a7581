#include "platform/redis/resp.h"

#include <hiredis/hiredis.h>
#include <hiredis/read.h>

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace cityinfo::redis {
namespace {

void* NewText(const redisReadTask* task, char* text, size_t size) {
  auto* reply = new Reply;
  reply->type = task->type == REDIS_REPLY_ERROR    ? Reply::Type::kError
                : task->type == REDIS_REPLY_STATUS ? Reply::Type::kStatus
                                                   : Reply::Type::kString;
  reply->text.assign(text, size);
  return reply;
}

// Null makes hiredis give up with an error: arrays are refused before anything is allocated for the
// number of elements they announce.
void* RefuseArray(const redisReadTask*, int) { return nullptr; }

void* NewInteger(const redisReadTask*, long long value) {  // NOLINT: hiredis' own signature
  auto* reply = new Reply;
  reply->type = Reply::Type::kInteger;
  reply->integer = value;
  return reply;
}

void* NewNil(const redisReadTask*) { return new Reply; }

void FreeReply(void* reply) { delete static_cast<Reply*>(reply); }

redisReplyObjectFunctions kReplyFunctions = {NewText, RefuseArray, NewInteger, NewNil, FreeReply};

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

ReplyParser::ReplyParser() : reader_(redisReaderCreateWithFunctions(&kReplyFunctions)) {}
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
  std::unique_ptr<Reply> reply(static_cast<Reply*>(raw));
  return std::optional<Reply>(std::move(*reply));
}

size_t ReplyParser::buffered() const { return reader_->len - reader_->pos; }

}  // namespace cityinfo::redis
