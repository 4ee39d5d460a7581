#pragma once

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::rpc {

// Already serialised bytes of one message, shared and immutable: what a cache keeps and a raw
// handler hands back.
using SharedBytes = std::shared_ptr<const std::string>;

// A buffer that refers to `bytes` without copying and keeps them alive until gRPC has sent them.
// Null is the empty message.
grpc::ByteBuffer ToByteBuffer(SharedBytes bytes);

// A buffer that owns a copy of / takes over `bytes`.
grpc::ByteBuffer ToByteBuffer(absl::string_view bytes);
grpc::ByteBuffer ToByteBuffer(std::string&& bytes);

// Serialises into one buffer. False when the message cannot be serialised (larger than 2 GiB).
bool Serialize(const google::protobuf::MessageLite& message, grpc::ByteBuffer* buffer);

// False when the bytes are not such a message.
bool Parse(const grpc::ByteBuffer& buffer, google::protobuf::MessageLite* message);

// The bytes of one message as they came over the wire, without a copy unless they came in pieces.
// Empty when gRPC cannot put the pieces together. `view` lives as long as this object.
class MessageBytes {
 public:
  explicit MessageBytes(const grpc::ByteBuffer& message);
  MessageBytes(const MessageBytes&) = delete;
  MessageBytes& operator=(const MessageBytes&) = delete;

  absl::string_view view() const {
    return {reinterpret_cast<const char*>(slice_.begin()), slice_.size()};
  }

 private:
  grpc::Slice slice_;  // holds a small message in itself
};

// Flattens into one string.
std::string ToString(const grpc::ByteBuffer& buffer);

}  // namespace cityinfo::rpc
