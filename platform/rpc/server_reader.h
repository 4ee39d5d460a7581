#pragma once

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/rpc/byte_buffer.h"

namespace cityinfo::rpc {

// Where the messages of a client stream come from; the server provides it, a test may fake it. For
// the handler's thread alone.
class StreamSource {
 public:
  virtual ~StreamSource() = default;

  // Blocks for the next message. While the handler works on one, at most one more is read; what the
  // caller sends beyond that waits in the transport's window, so a slow handler costs no memory.
  // False when none comes any more: status() says why.
  virtual bool Read(grpc::ByteBuffer* message) = 0;

  // OK while messages come, and when the caller has sent all that it had. Otherwise the stream was
  // cut off: the caller left, its deadline passed, a message was over the bound, the server stops.
  virtual absl::Status status() const = 0;
};

// The typed end a handler reads from. Does not own the source.
//
//   absl::StatusOr<ImportResponse> Import(const RequestContext&,
//                                         ServerReader<ImportRequest>& reader) {
//     ImportRequest request;
//     while (reader.Read(&request)) Take(request);
//     if (!reader.status().ok()) return reader.status();   // not all of it has come
//     return Finish();
//   }
//
// A handler may return without having read everything; what is left is thrown away. When the stream
// was cut off, the call ends as status() says, whatever the handler returns.
template <typename Request>
class ServerReader {
 public:
  explicit ServerReader(StreamSource& source) : source_(source) {}
  ServerReader(const ServerReader&) = delete;
  ServerReader& operator=(const ServerReader&) = delete;

  // Blocks for the next message; false when none comes any more. Reading into the same message
  // again and again saves allocations.
  bool Read(Request* request) {
    if (!status_.ok()) return false;
    grpc::ByteBuffer bytes;
    if (!source_.Read(&bytes)) {
      status_ = source_.status();
      return false;
    }
    ++count_;
    if (Parse(bytes, request)) return true;
    status_ =
        base::MakeError(absl::StatusCode::kInvalidArgument, "MALFORMED_REQUEST",
                        absl::StrCat("the bytes of message ", count_, " of the stream are not a ",
                                     Request::descriptor()->name()));
    return false;
  }

  // OK while messages come, and when all of them have.
  const absl::Status& status() const { return status_; }

  // Messages that have come.
  int64_t count() const { return count_; }

 private:
  StreamSource& source_;
  absl::Status status_;
  int64_t count_ = 0;
};

}  // namespace cityinfo::rpc
