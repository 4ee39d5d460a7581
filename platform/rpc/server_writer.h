#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <functional>
#include <utility>

#include "absl/time/time.h"
#include "platform/rpc/byte_buffer.h"

namespace cityinfo::rpc {

// Where a streaming handler's messages go; the server provides it, a test may fake it. Write is for
// the handler's thread alone, the rest may be called from any thread.
class StreamSink {
 public:
  virtual ~StreamSink() = default;

  // Blocks until the transport has taken the message (at most one message is held per stream, so a
  // slow reader costs no memory and delays nobody else). False when the stream is over.
  virtual bool Write(grpc::ByteBuffer message) = 0;

  // The caller went away, the deadline passed, or the server is stopping.
  virtual bool ended() const = 0;

  // Calls `callback` once when ended() turns true, at once when it already is; from another thread,
  // so it should only notify. Pass nullptr to take it back: after that it does not run and is not
  // running.
  virtual void OnEnd(std::function<void()> callback) = 0;
};

// The typed end a handler writes to. Does not own the sink.
//
//   absl::Status WatchArticles(const RequestContext&, const WatchRequest& request,
//                              ServerWriter<WatchResponse>& writer) {
//     while (!writer.ended()) {
//       for (const Change& change : feed.ReadAfter(position)) {
//         if (!writer.Write(ToProto(change))) return absl::OkStatus();
//         position = change.sequence;
//       }
//       feed.WaitForMore(position, absl::Milliseconds(500));
//     }
//     return absl::OkStatus();
//   }
//
// What a handler returns after the stream ended is ignored: the caller gets CANCELLED, or
// UNAVAILABLE (reason SERVER_STOPPING: connect again, resume from the last token) when the server
// stops.
template <typename Response>
class ServerWriter {
 public:
  explicit ServerWriter(StreamSink& sink) : sink_(sink) {}
  ServerWriter(const ServerWriter&) = delete;
  ServerWriter& operator=(const ServerWriter&) = delete;

  bool Write(const Response& response) {
    grpc::ByteBuffer buffer;
    return Serialize(response, &buffer) && sink_.Write(std::move(buffer));
  }
  bool WriteRaw(SharedBytes bytes) { return sink_.Write(ToByteBuffer(std::move(bytes))); }

  bool ended() const { return sink_.ended(); }
  void OnEnd(std::function<void()> callback) { sink_.OnEnd(std::move(callback)); }

 private:
  StreamSink& sink_;
};

}  // namespace cityinfo::rpc
