#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "platform/telemetry/trace.h"

namespace cityinfo::rpc {

// What a handler knows about the call besides its request message. A plain value, so that a handler
// can be tested without a server: `handler(rpc::RequestContext{}, request)`.
//
// Copying is cheap; copies of one call share its cancellation flag. Reading is thread-safe.
struct RequestContext {
  // When the caller stops waiting. Never InfiniteFuture for a unary call that came through a
  // Server: a caller that sets no deadline gets ServerOptions::default_deadline.
  absl::Time deadline = absl::InfiniteFuture();

  // The span of this call; a call to another service continues it (see CallOptions::From).
  telemetry::TraceContext trace;

  // Who asked, as the gateway authenticated them; empty for a reader without a key. Services are
  // reachable on the private network only and take the gateway's word for it.
  std::string principal;

  // What that caller may do, as the gateway found out: the name of an auth::Role ("reader",
  // "editor"). Empty when the call does not come through the gateway: another service of ours,
  // trusted.
  std::string role;

  // Full method name, "/cityinfo.articles.v1.ArticleService/GetArticle".
  std::string method;

  // Set when the caller went away or the server is stopping. Null means never.
  std::shared_ptr<const std::atomic<bool>> cancel_flag;

  // True when nobody waits for the answer any more; long work should look now and then.
  bool cancelled() const {
    return cancel_flag != nullptr && cancel_flag->load(std::memory_order_acquire);
  }
};

// Metadata keys of our own and of W3C.
inline constexpr char kTraceparentMetadata[] = "traceparent";
inline constexpr char kPrincipalMetadata[] = "cityinfo-principal-bin";
inline constexpr char kRoleMetadata[] = "x-cityinfo-role";

}  // namespace cityinfo::rpc
