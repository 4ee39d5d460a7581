#include "platform/rpc/byte_buffer.h"

#include <grpcpp/support/slice.h>

#include <limits>
#include <utility>

namespace cityinfo::rpc {
namespace {

void DropShared(void* bytes) { delete static_cast<SharedBytes*>(bytes); }

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

bool Parse(const grpc::ByteBuffer& buffer, google::protobuf::MessageLite* message) {
  grpc::Slice slice;
  // Nearly every message comes in one piece; larger ones are put together once.
  if (!buffer.TrySingleSlice(&slice).ok() && !buffer.DumpToSingleSlice(&slice).ok()) return false;
  return message->ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
}

std::string ToString(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.TrySingleSlice(&slice).ok() && !buffer.DumpToSingleSlice(&slice).ok()) return "";
  return std::string(reinterpret_cast<const char*>(slice.begin()), slice.size());
}

}  // namespace cityinfo::rpc
