#include "platform/rpc/byte_buffer.h"

#include <limits>
#include <utility>

namespace cityinfo::rpc {
namespace {

void DropShared(void* bytes) { delete static_cast<SharedBytes*>(bytes); }

// Nearly every message comes in one piece; larger ones are put together once.
bool Flatten(const grpc::ByteBuffer& buffer, grpc::Slice* slice) {
  return buffer.TrySingleSlice(slice).ok() || buffer.DumpToSingleSlice(slice).ok();
}

// gRPC does not write through the pointer it is given.
char* Writable(const char* bytes) { return const_cast<char*>(bytes); }

}  // namespace

grpc::ByteBuffer ToByteBuffer(SharedBytes bytes) {
  if (bytes == nullptr) return ToByteBuffer(absl::string_view());
  char* begin = Writable(bytes->data());
  const size_t size = bytes->size();
  const grpc::Slice slice(begin, size, &DropShared, new SharedBytes(std::move(bytes)));
  return grpc::ByteBuffer(&slice, 1);
}

grpc::ByteBuffer ToByteBuffer(absl::string_view bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return grpc::ByteBuffer(&slice, 1);
}

grpc::ByteBuffer ToByteBuffer(std::string&& bytes) {
  return ToByteBuffer(std::make_shared<const std::string>(std::move(bytes)));
}

bool Serialize(const google::protobuf::MessageLite& message, grpc::ByteBuffer* buffer) {
  const size_t size = message.ByteSizeLong();
  if (size > static_cast<size_t>(std::numeric_limits<int>::max())) return false;
  const grpc::Slice slice(size);
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  *buffer = grpc::ByteBuffer(&slice, 1);
  return true;
}

MessageBytes::MessageBytes(const grpc::ByteBuffer& message) {
  if (!Flatten(message, &slice_)) slice_ = grpc::Slice();
}

bool Parse(const grpc::ByteBuffer& buffer, google::protobuf::MessageLite* message) {
  grpc::Slice slice;
  if (!Flatten(buffer, &slice)) return false;
  return message->ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
}

std::string ToString(const grpc::ByteBuffer& buffer) {
  return std::string(MessageBytes(buffer).view());
}

}  // namespace cityinfo::rpc
